import { describe, expect, test } from "@jest/globals";
import { readYaml } from "../../../configuration/yaml/yaml.ts";
import { outcome, useEmptyFolder, write } from "../folder.ts";

useEmptyFolder();

const read = (text: string | Uint8Array) => {
  write("a.yaml", text);
  return readYaml("a.yaml", { missingFileFix: "create it" });
};

/** The value of a text, or its problems without the name of the file. */
const reading = (text: string | Uint8Array): unknown => {
  const refusal = outcome(() => {
    const { problems } = read(text);
    if (problems.length === 0) return "fine";
    throw new Error(
      problems
        .map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)
        .join("\n"),
    );
  });
  return refusal === '"fine"'
    ? read(text).value
    : refusal.replace(/^a\.yaml is not valid: \d+ problems?\n/, "").replace(/^ +a\.yaml:?/gm, "");
};

describe("valid YAML", () => {
  test.each([
    ["in JSON", '{"a": {"b": [1, true, null, "x"]}}', { a: { b: [1, true, null, "x"] } }],
    ["with Windows line ends", "a:\r\n  b: x\r\n", { a: { b: "x" } }],
    ["with a byte order mark", "\uFEFFa: x\n", { a: "x" }],
    ["with a marked start and end", "---\na: x\n...\n", { a: "x" }],
    ["with tabs between values", "a:\tx\n", { a: "x" }],
    [
      "with keys that are properties of every JavaScript object",
      "constructor: a\ntoString: b\nhasOwnProperty: c\n",
      { constructor: "a", toString: "b", hasOwnProperty: "c" },
    ],
    [
      "with keys that would be numbers, booleans or null as values",
      "42: a\ntrue: b\n~: c\n1.50: d\n? e\n",
      { "42": "a", true: "b", "~": "c", "1.50": "d", e: null },
    ],
    [
      "with words that were booleans in YAML 1.1",
      "a: [yes, no, on, off]\n",
      { a: ["yes", "no", "on", "off"] },
    ],
    ["with characters of several bytes", "a: Ä株🚀\n", { a: "Ä株🚀" }],
    ["that is empty", "", null],
  ])("reads a text %s", (_, text, value) => {
    expect(reading(text)).toEqual(value);
  });
});

describe("invalid YAML", () => {
  test.each([
    ["a: [b, c\n", "2:1  a ] is missing before this point"],
    ["a: {b: c\nd: e\n", "2:1  a } is missing before this point"],
    ["a:\n  b: Acme: Corp\n", '2:6  this line contains a second ":"; put the value in quotes'],
    ['a:\n  b: "Acme\n  c: d\n', "2:6  the quote that starts here is not closed"],
    ["a:\n  - 'Acme\n", "2:5  the quote that starts here is not closed"],
    ["a:\n  b: c\n d: e\n", "3:1  the indentation of this line matches no line above; align it"],
    ["a:\n\tb: c\n", "2:1  this line is indented with a tab; use spaces"],
    ["a:\n  b\n    c: d\n", '2:3  a ":" is missing after this key'],
    ["a:\n  b: c\n  d\n", '3:3  a ":" is missing after this key'],
    ["a: @b\n", "1:4  a value cannot start with @; put it in quotes"],
    ["a: `b\n", "1:4  a value cannot start with `; put it in quotes"],
    ["a: %b\n", "1:4  a value cannot start with %; put it in quotes"],
    ["a: {b: c d: e}\n", "1:8  a comma is missing before this point"],
    ['a: ["b" "c"]\n', "1:9  a comma is missing before this point"],
    ["a: {}#b\n", "1:6  a space is missing before #"],
    ['a: "b" c\n', "1:8  nothing may follow the value; put all of it in quotes"],
    ['a: "b\\qc"\n', "1:6  the escape \\q is unknown; write \\\\ for a backslash"],
    ["a: - b\n", "1:4  a list cannot start on this line; put it on lines of its own"],
    ["a: &b &c d\n", "1:7  anchors (&) are not allowed; write the value out, or put it in quotes"],
    [
      "a: |5x\n  b\n",
      "1:6  is not valid YAML: block scalar header includes extra characters: |5x\n2:1  the indentation of this line matches no line above; align it",
    ],
    [
      "<<<<<<< HEAD\na: {}\n=======\nb: {}\n>>>>>>> x\n",
      "1:1  a merge conflict starts here; resolve it",
    ],
    [
      "a:\n<<<<<<< HEAD\n  b: c\n=======\n  d: e\n>>>>>>> x\n",
      "2:1  a merge conflict starts here; resolve it",
    ],
  ])("refuses a text with the location and a fix: %j", (text, problem) => {
    expect(reading(text)).toBe(problem);
  });

  test("reports every line that is indented with a tab", () => {
    expect(reading("a:\n\tb:\n\t\tc: d\n")).toBe(
      "2:1  this line is indented with a tab; use spaces\n3:1  this line is indented with a tab; use spaces",
    );
  });

  test("refuses a text with the name of the file", () => {
    write("a.yaml", "a: [b\n");
    expect(outcome(() => readYaml("a.yaml", { missingFileFix: "create it" }))).toBe(
      "a.yaml is not valid: 1 problem\n  a.yaml:2:1  a ] is missing before this point",
    );
  });
});

describe("several documents", () => {
  test.each([
    ["a: b\n---\nc: d\n", "2:1"],
    ["a: b\n---\n", "2:1"],
    ["---\na: b\n...\n---\nc: d\n", "4:1"],
    ["a: b\n---\nc: d\n---\ne: f\n", "2:1"],
  ])("refuses a second document: %j", (text, place) => {
    expect(reading(text)).toBe(
      `${place}  a second document starts here; keep one document per file`,
    );
  });
});

describe("nesting", () => {
  test.each([
    ["lists", `a: ${"[".repeat(100_000)}`],
    ["closed lists", `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["fields", "{a: ".repeat(20_000)],
    ["dashes", `${"- ".repeat(20_000)}x`],
    ["lines", Array.from({ length: 5_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("refuses very deep nesting without a RangeError: %s", (_, text) => {
    expect(reading(text)).toMatch(/^\d+:\d+ {2}is nested too deeply; flatten it$/);
  });

  test("accepts ten levels of nesting", () => {
    expect(reading("a: [[[[[[[[[[x]]]]]]]]]]\n")).toEqual({ a: [[[[[[[[[["x"]]]]]]]]]] });
  });
});

describe("unsupported YAML", () => {
  const anchors = "anchors (&) are not allowed; write the value out, or put it in quotes";
  const aliases = "aliases (*) are not allowed; write the value out, or put it in quotes";
  const tag = (name: string) => `the tag "${name}" is not allowed; remove it`;
  test.each([
    ["a: &x b\n", `1:7 a: ${anchors}`],
    ["a: &co\n", `1:7 a: ${anchors}`],
    ["&x a: b\n", `1:4 a: ${anchors}`],
    ["a: *x\n", `1:4 a: ${aliases}`],
    ["*x : b\n", `1:1 undefined: ${aliases}`],
    ["a: [b, *x]\n", `1:8 a[1]: ${aliases}`],
    ["a: &x {b: c}\nd:\n  <<: *x\n", `1:7 a: ${anchors}\n3:7 d["<<"]: ${aliases}`],
    ["a: !!str 5\n", `1:10 a: ${tag("!!str")}`],
    ["a: !secret b\n", `1:12 a: ${tag("!secret")}`],
    ["a: !!js/function 'x'\n", `1:18 a: ${tag("!!js/function")}`],
    ["a: !!binary aGVsbG8=\n", `1:13 a: ${tag("!!binary")}`],
    ["a: !!set {b, c}\n", `1:10 a: ${tag("!!set")}`],
    ["a: !!null\n", `1:10 a: ${tag("!!null")}`],
    ["a: ! b\n", `1:6 a: ${tag("!")}`],
    ["!!str a: b\n", `1:7 a: ${tag("!!str")}`],
    ["? [a]\n: b\n", "1:3 undefined: a key must be text, not a list or a mapping"],
    ["a:\n  {b: c}: d\n", "2:3 a: a key must be text, not a list or a mapping"],
    ["__proto__: a\n", '1:1 __proto__: the name "__proto__" is not allowed; choose another'],
    [
      "a: b\na: c\na: d\n",
      '2:1 a: the field "a" is already used on line 1\n3:1 a: the field "a" is already used on line 1',
    ],
    ['42: b\n"42": c\n', '2:1 42: the field "42" is already used on line 1'],
  ])("refuses anchors, aliases, tags and unusual keys: %j", (text, problem) => {
    expect(reading(text)).toBe(problem);
  });

  test("does not expand aliases, so an alias bomb does no harm", () => {
    const layers = Array.from({ length: 30 }, (_, index) =>
      index === 0 ? "l0: &l0 [x, x]\n" : `l${index}: &l${index} [*l${index - 1}, *l${index - 1}]\n`,
    );
    expect(read(layers.join("")).problems).toHaveLength(30 + 2 * 29);
  });
});

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
