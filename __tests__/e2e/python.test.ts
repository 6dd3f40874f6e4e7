import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { checkout } from "../../local/folders.ts";
import { developmentEnvironment, pythonFolders } from "./support/python.ts";

describe.each(pythonFolders)("%s by its own standards", (folder) => {
  test.each([
    { check: "format", command: ["ruff", "format", "--check", "."] },
    { check: "lint", command: ["ruff", "check", "."] },
    { check: "types", command: ["mypy"] },
    { check: "tests", command: ["pytest", "--quiet"] },
  ])("$check", async ({ command: [program = "", ...args] }) => {
    const { failed, all } = await execa(join(await developmentEnvironment(folder), program), args, {
      cwd: join(checkout, folder),
      stdin: "ignore",
      all: true,
      reject: false,
    });
    expect(failed ? all : "").toBe("");
  });
});
