import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "../../../system/folders.ts";

/** Of `@sparticuz/chromium`; package.json pins the same, and the `playwright-core` made for it. */
const version = "143.0.4";

const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts/fonts</dir>
  <cachedir prefix="xdg">font-cache</cachedir>
</fontconfig>
`;

/** Starts a Chromium: the one that npm installed, with fonts of its own; where it does not run, an installed Chrome. */
export async function startChromium(): Promise<Browser> {
  const runs = process.platform === "linux" && process.arch === "x64";
  if (!runs) return chromium.launch({ channel: "chrome" });
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: ["--font-render-hinting=none"],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, "fonts.conf"), XDG_CACHE_HOME: folder },
  });
}

/** The folder that Chromium is unpacked in, once: whole or not at all, also where two do it at once. */
async function unpacked(): Promise<string> {
  const made = join(cacheFolder, `chromium-${version}`);
  if (existsSync(made)) return made;
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(`${made}.`);
  try {
    // it unpacks into the folder for temporary files, which a process is told when it starts
    const unpack = 'import("@sparticuz/chromium").then((made) => made.default.executablePath())';
    await execa(process.execPath, ["--eval", unpack], { env: { TMPDIR: folder } });
    await writeFile(join(folder, "fonts.conf"), fontConfiguration);
    await rename(folder, made);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!existsSync(made)) throw error;
  }
  return made;
}
