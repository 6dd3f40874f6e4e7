import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { Clone } from "../support/projects/clone.ts";
import { folderWith } from "../support/programs.ts";

describe("a clone whose team has deleted examples/ and bench/", () => {
  let clone: Clone;

  beforeAll(async () => {
    clone = await Clone.create("embedded", { KEYCLOAK_URL: "" });
    for (const folder of ["examples", "bench"])
      await rm(join(clone.folder, folder), { recursive: true });
  });
  afterAll(() => clone.remove());

  test.each([
    [
      "demo",
      "the demo needs examples/declaration/, which is not in this checkout; restore examples/ from Git, then run npm ci",
    ],
    ["bench", "bench/run.ts is not in this checkout; restore it from Git, then run npm ci"],
  ])("explains in one line why npm run %s does not work", async (script, message) => {
    expect(await clone.npm(script)).toEqual({ exitCode: 3, output: message, stdout: "" });
  });

  test("needs no type check of the examples", async () => {
    const workspaces = ["run", "--silent", "typecheck", "--workspaces", "--if-present"];
    const { exitCode, all } = await execa("npm", workspaces, { cwd: clone.folder, all: true });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: "" });
  });

  test("leaves out the tests of the examples and the demo, which npm run test:e2e prints", async () => {
    const jest = ["node_modules/jest/bin/jest.js", "--listTests", "--selectProjects", "e2e"];
    const { stdout } = await execa("node", jest, { cwd: clone.folder });
    const files = stdout.split("\n").map((file) => file.slice(clone.folder.length + 1));
    expect(files).toContain("__tests__/e2e/local/start.test.ts");
    expect(files.filter((file) => /e2e\/examples\/|demo/.test(file))).toEqual([]);

    const PATH = await folderWith(join(clone.stateFolder, "no-terraform"));
    const { output } = await clone.npm("test:e2e", [], { PATH });
    expect(output).toContain(
      "NOT RUN: the tests of the examples and the demo, because examples/ is deleted\n",
    );
  });
});
