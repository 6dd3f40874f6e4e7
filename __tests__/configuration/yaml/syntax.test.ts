import { describe, expect, test } from "@jest/globals";
import { readYaml } from "../../../configuration/yaml/yaml.ts";
import { outcome, useEmptyFolder, write } from "../folder.ts";
import { reading } from "./reading.ts";

useEmptyFolder();

describe("valid YAML", () => {
  test.each([
    ["in JSON", '{"a": {"b": [1, true, null, "x"]}}', { a: { b: [1, true, null, "x"] } }],
    ["with Windows line ends", "a:\r\n  b: x\r\n", { a: { b: "x" } }],
    ["with a byte order mark", "\uFEFFa: x\n", { a: "x" }],
    ["with its version", "%YAML 1.2\n---\na: no\n", { a: "no" }],
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
    ["# a\n%YAML 1.1\n---\na: no\n", "2:1  %YAML 1.1 reads values differently; remove it"],
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
  ])("reports the location of a mistake and a fix: %j", (text, problem) => {
    expect(reading(text)).toBe(problem);
  });

  test("reports every line that is indented with a tab", () => {
    expect(reading("a:\n\tb:\n\t\tc: d\n")).toBe(
      "2:1  this line is indented with a tab; use spaces\n3:1  this line is indented with a tab; use spaces",
    );
  });

  test("names the file of a mistake", () => {
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
