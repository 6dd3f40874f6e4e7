import { expect, test } from "@jest/globals";
import { mostOutput, runProgram } from "../../system/run-program.ts";

test("a program that prints more than can be read fails, so that nothing is decided on a part of its output", async () => {
  const millions = mostOutput / 1e6 + 1;
  const program = `for (let i = 0; i < ${millions}; i++) fs.writeSync(1, "x".repeat(1e6))`;
  await expect(
    runProgram(process.execPath, ["-e", program], { folder: ".", variables: process.env }),
  ).rejects.toMatchObject({
    exitStatus: 1,
    message: expect.stringContaining("printed more than 500 million characters"),
  });
});
