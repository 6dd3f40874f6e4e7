import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { terminal } from "../e2e/support/terminal.ts";
import { checkout } from "../../system/folders.ts";

const program = resolve(import.meta.dirname, "support/work-on-stacks.ts");
const command = [process.execPath, "system/run.mjs", program] as const;
const summary = expect.stringMatching(/^planned 2 of 3 stacks in \d+ s$/);

test("without a terminal, each stack that is done has a line, and a summary follows", async () => {
  const { stdout, stderr } = await execa({ cwd: checkout })`${command}`;
  expect(stdout).toBe("printed meanwhile");
  expect(stderr.split("\n")).toEqual([
    "planned realm (1 of 3 stacks)",
    "planned customers-1 (2 of 3 stacks)",
    summary,
  ]);
});

test("on a terminal, each stack has a line until it is done, below what is printed meanwhile", async () => {
  const { stdout } = await execa({ cwd: checkout })`python3 ${terminal} ${""} ${""} ${command}`;
  const lines = stripVTControlCharacters(stdout).split(/[\r\n]+/);
  expect(lines).toEqual([
    "planned 0 of 3 stacks",
    // each line appears above the last one
    ...["planning realm …", "planned 0 of 3 stacks"],
    ...["planning customers-1 …", "planning customers-2 …"],
    // the realm is done
    ...["planning customers-1 …", "planning customers-2 …", "planned 1 of 3 stacks"],
    // what is printed replaces all lines, and they follow again
    "printed meanwhile",
    ...["planning customers-1 …", "planning customers-2 …", "planned 1 of 3 stacks"],
    ...["planning customers-2 …", "planned 2 of 3 stacks"],
    "planned 2 of 3 stacks",
    summary,
  ]);
});
