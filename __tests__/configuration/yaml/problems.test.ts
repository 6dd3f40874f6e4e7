import { expect, test } from "@jest/globals";
import { InvalidFileError } from "../../../configuration/yaml/problems.ts";
import { ExplainedError } from "../../../text/errors.ts";

test("lists problems in the order of the file, those of the whole file first, with aligned messages", () => {
  const error = new InvalidFileError("a.yaml", [
    { line: 10, column: 2, message: "late" },
    { line: 9, column: 10, path: "x", message: "second" },
    { line: 9, column: 2, message: "first" },
    { message: "whole" },
    { line: 9, column: 10, path: "y", message: "third" },
  ]);
  expect(error).toBeInstanceOf(ExplainedError);
  expect(error.code).toBe("invalid-file");
  expect(error.exitStatus).toBe(1);
  expect(error.message).toBe(
    [
      "a.yaml is not valid: 5 problems",
      "  a.yaml       whole",
      "  a.yaml:9:2   first",
      "  a.yaml:9:10  x: second",
      "  a.yaml:9:10  y: third",
      "  a.yaml:10:2  late",
    ].join("\n"),
  );
});
