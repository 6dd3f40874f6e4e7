import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "../../../../system/folders.ts";

/** Version of `@sparticuz/chromium`. package.json pins the same one, and the `playwright-core` that fits it. */
const version = "143.0.4";

const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts/fonts</dir>
  <cachedir prefix="xdg">font-cache</cachedir>
</fontconfig>
`;

/** Starts the Chromium that npm installed, with its own fonts, or an installed Chrome if that Chromium does not run here. */
export async function startChromium(): Promise<Browser> {
  const isSupported = process.platform === "linux" && process.arch === "x64";
  if (!isSupported) return chromium.launch({ channel: "chrome" });
  const folder = await unpackedChromium();
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: ["--font-render-hinting=none"],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, "fonts.conf"), XDG_CACHE_HOME: folder },
  });
}

/** The folder with the unpacked Chromium. It is unpacked once, completely or not at all, also if two processes do so at once. */
async function unpackedChromium(): Promise<string> {
  const complete = join(cacheFolder, `chromium-${version}`);
  if (existsSync(complete)) return complete;
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(`${complete}.`);
  try {
    // it unpacks into the folder for temporary files, which is set when a process starts
    const unpack =
      'import("@sparticuz/chromium").then((module) => module.default.executablePath())';
    await execa(process.execPath, ["--eval", unpack], { env: { TMPDIR: folder } });
    await writeFile(join(folder, "fonts.conf"), fontConfiguration);
    await rename(folder, complete);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!existsSync(complete)) throw error;
  }
  return complete;
}
