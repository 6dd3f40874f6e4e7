import { expect, test } from "@jest/globals";
import { pathText, valueAt } from "../../../configuration/yaml/path.ts";

test.each([
  [[], ""],
  [["customers", "acme", "access", "atlas-api", 1], "customers.acme.access.atlas-api[1]"],
  [["a", "b c"], 'a["b c"]'],
  [["a b", "c"], '["a b"].c'],
  [["a", ""], 'a[""]'],
  [["a", "b\n"], 'a["b\\n"]'],
  [["a", "b\u202E"], 'a["b\\u202e"]'],
  [["a", "b".repeat(81)], `a["${"b".repeat(79)}…"]`],
])("writes the path %j as %s", (path, text) => {
  expect(pathText(path)).toBe(text);
});

test.each([
  [["a", "b", 1], 2],
  [["a", "c"], undefined],
  [["a", "b", 9], undefined],
  [["a", "b", 1, "c"], undefined],
  [["toString"], undefined],
  [["n", "x"], undefined],
])("finds at %j the value %j", (path, value) => {
  expect(valueAt({ a: { b: [1, 2] }, n: null }, path)).toBe(value);
});
