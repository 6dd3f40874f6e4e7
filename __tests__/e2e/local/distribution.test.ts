import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { cacheFolder, checkout } from "../../../system/folders.ts";

let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'c a"che; $ü(&'));
  await mkdir(join(cache, "keycloak-access"));
  // without KEYCLOAK_HOME, the tests have downloaded a Keycloak before
  const downloaded = join(cacheFolder, "maven");
  if (existsSync(downloaded))
    await execa("cp", ["-r", downloaded, join(cache, "keycloak-access/maven")]);
});
afterAll(() => rm(cache, { recursive: true }));

/** Runs some code with a cache folder of its own. @returns what it printed */
const run = async (code: string) => {
  const program = join(cache, "program.ts");
  await writeFile(program, code);
  const { stdout } = await execa(process.execPath, ["system/run.mjs", program], {
    env: { XDG_CACHE_HOME: cache, KEYCLOAK_HOME: "" },
  });
  return stdout;
};

/** A module of this checkout, for an import in some code. */
const module = (file: string) => JSON.stringify(join(checkout, file));

/** Finds a Keycloak. @returns its home folder, and what was printed */
const find = async () => {
  const output =
    await run(`import { findKeycloak } from ${module("local/keycloak/distribution.ts")};
    console.log("home " + (await findKeycloak("", process.env)));`);
  return { output, home: /^home (.*)$/m.exec(output)?.[1] ?? "" };
};

test("a downloaded Keycloak is unpacked again if a library is missing, and leftovers of killed downloads go", async () => {
  const leftover = join(cache, "keycloak-access/unpacking/keycloak-access-killed");
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

test("a virtual environment works in a cache folder with an odd name", async () => {
  const requirements = join(cache, "requirements.txt");
  await writeFile(requirements, "# no packages\n");
  const output =
    await run(`import { virtualEnvironment } from ${module("system/programs/python.ts")};
    console.log("programs " + (await virtualEnvironment([${JSON.stringify(requirements)}], process.env)));`);
  const programs = /^programs (.*)$/m.exec(output)?.[1] ?? "";
  const { stdout } = await execa(join(programs, "python"), ["-c", "import sys; print(sys.prefix)"]);
  expect(await realpath(stdout)).toBe(await realpath(dirname(programs)));
});
