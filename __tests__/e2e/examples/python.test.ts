import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { checkout } from "../../../system/folders.ts";
import { developmentEnvironment, pythonChecks } from "../support/python.ts";

const cases = Object.entries(pythonChecks).flatMap(([folder, commands]) =>
  commands.map(([program = "", ...args]) => ({ folder, program, args })),
);

test.each(cases)("$folder passes $program $args", async ({ folder, program, args }) => {
  const { failed, all } = await execa(join(await developmentEnvironment(folder), program), args, {
    cwd: join(checkout, folder),
    stdin: "ignore",
    all: true,
    reject: false,
  });
  expect(failed ? all : "").toBe("");
});
