import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { terminal } from "../e2e/support/terminal.ts";
import { checkout } from "../../system/folders.ts";

const command = commandOf("work-on-stacks.ts");
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

test("several questions follow each other, and no line of a stack is drawn over them", async () => {
  const asking = commandOf("ask-in-two-stacks.ts");
  const { stdout } = await execa({
    cwd: checkout,
  })`python3 ${terminal} ${"accepted: "} ${"yes"} ${asking}`;
  const lines = stripVTControlCharacters(stdout).split(/[\r\n]+/);
  expect(lines.slice(lines.findIndex((line) => line.includes("?")))).toEqual([
    'apply customers-1? only "yes" is accepted: yes',
    ...["applying customers-1 …", "applying customers-2 …", "applied 1 of 3 stacks"],
    'apply customers-2? only "yes" is accepted: yes',
    ...["applying customers-1 …", "applying customers-2 …", "applied 1 of 3 stacks"],
    expect.stringMatching(/^applied 1 of 3 stacks in \d+ s$/),
  ]);
});

function commandOf(program: string): readonly string[] {
  return [process.execPath, "system/run.mjs", resolve(import.meta.dirname, "support", program)];
}
