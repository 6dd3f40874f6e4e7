import { describe, expect, test } from "@jest/globals";
import { readYaml } from "../../../configuration/yaml/yaml.ts";
import { outcome, useEmptyFolder, write } from "../folder.ts";
import { read, reading } from "./reading.ts";

useEmptyFolder();

describe("encodings", () => {
  const utf16 = Buffer.from("\uFEFFa: b\n", "utf16le");
  test.each([
    ["UTF-16", utf16, "  is not UTF-8 text; save it as UTF-8"],
    ["Latin-1", Buffer.from("a: Müller\n", "latin1"), "  is not UTF-8 text; save it as UTF-8"],
    ["an image", Buffer.from([0x89, 0x50, 0x4e, 0x47]), "  is not UTF-8 text; save it as UTF-8"],
    [
      "UTF-16 without a byte order mark",
      utf16.subarray(2),
      "1:2  contains a zero byte, as in a UTF-16 or binary file; save the file as UTF-8 text",
    ],
    [
      "a zero byte",
      Buffer.from("a: b\nc: d\0e\n"),
      "2:5  contains a zero byte, as in a UTF-16 or binary file; save the file as UTF-8 text",
    ],
  ])("refuses a file that is not UTF-8 text: %s", (_, bytes, problem) => {
    expect(reading(bytes)).toBe(problem);
  });
});

describe("files", () => {
  test.each([
    ["missing.yaml", "there is no such file; create it"],
    ["missing/a.yaml", "there is no such file; create it"],
    ["a.yaml/b.yaml", "there is no such file; create it"],
    [".", "is a folder; name a file"],
    ["/proc/1/mem", "cannot be read; check its permissions"],
  ])("refuses a file that it cannot read, with the reason: %s", (file, problem) => {
    write("a.yaml", "");
    expect(outcome(() => readYaml(file, { missingFileFix: "create it" }))).toBe(
      `${file} is not valid: 1 problem\n  ${file}  ${problem}`,
    );
  });

  test("refuses a file that it cannot read for another reason, with the system's message", () => {
    const file = "x".repeat(300);
    expect(outcome(() => readYaml(file, { missingFileFix: "create it" }))).toBe(
      `${file} is not valid: 1 problem\n  ${file}  cannot be read: ENAMETOOLONG: name too long, open '${file}'`,
    );
  });
});

describe("problems", () => {
  const text = 'a:\n  b: [x, "y"]\n  "c d":\n  b: again\n';
  const message = "wrong";

  test.each([
    [["a", "b", 1], "value", { line: 2, column: 10, path: "a.b[1]", message }],
    [["a", "b"], "value", { line: 2, column: 6, path: "a.b", message }],
    [["a", "b"], "key", { line: 2, column: 3, path: "a.b", message }],
    [["a", "c d"], "value", { line: 3, column: 9, path: 'a["c d"]', message }],
    [["a", "c d"], "key", { line: 3, column: 3, path: 'a["c d"]', message }],
    [["a", "x", "y"], "value", { line: 2, column: 3, path: "a.x.y", message }],
    [[], "value", { line: 1, column: 1, message }],
  ] as const)(
    "locates the problem of %j at its %s, or at the closest existing parent",
    (path, location, expected) => {
      expect(read(text).problem(path, message, location)).toEqual(expected);
    },
  );
});
