import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { cacheFolder } from "../../../system/folders.ts";

let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "cache-"));
  await mkdir(join(cache, "atlas-realm"));
  await execa("cp", ["-r", join(cacheFolder, "maven"), join(cache, "atlas-realm/maven")]);
});
afterAll(() => rm(cache, { recursive: true }));

/** Finds a Keycloak with a cache folder of its own. @returns its home folder, and what was printed */
const find = async () => {
  const code = `import { findKeycloak } from "./local/keycloak/distribution.ts";
    console.log("home " + (await findKeycloak("", process.env)));`;
  const { stdout } = await execa(
    process.execPath,
    ["--import", "tsx", "--input-type", "module", "--eval", code],
    { env: { XDG_CACHE_HOME: cache } },
  );
  return { output: stdout, home: /^home (.*)$/m.exec(stdout)?.[1] ?? "" };
};

test("a downloaded Keycloak is unpacked again if a library is missing, and leftovers of killed downloads go", async () => {
  const leftover = join(cache, "atlas-realm/unpacking/atlas-realm-killed");
  await mkdir(leftover, { recursive: true });
  await writeFile(join(leftover, "half"), "");
  const first = await find();
  expect(first.output).toContain("unpacking Keycloak");
  expect(existsSync(leftover)).toBe(false);
  expect((await find()).output).not.toContain("unpacking Keycloak");

  const libraries = join(first.home, "lib/lib/main");
  const [name = ""] = await readdir(libraries);
  await rm(join(libraries, name));
  expect((await find()).output).toContain("unpacking Keycloak");
  expect(existsSync(join(libraries, name))).toBe(true);
});
