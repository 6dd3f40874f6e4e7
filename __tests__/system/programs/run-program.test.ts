import { expect, test } from "@jest/globals";
import { runProgram } from "../../../system/programs/run-program.ts";

const print = (length: number) =>
  runProgram(process.execPath, ["-p", `"x".repeat(${length})`], {
    ...{ folder: ".", variables: process.env, maxBuffer: 1_000 },
  });

test("a program that prints more than can be read fails, so that nothing is decided on a part of its output", async () => {
  expect(await print(999)).toMatchObject({ exitCode: 0, stdout: `${"x".repeat(999)}\n` });
  await expect(print(1_000)).rejects.toMatchObject({
    exitStatus: 1,
    message: expect.stringContaining("printed more than 1,000 characters"),
  });
});
