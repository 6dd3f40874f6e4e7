import { expect, test } from "@jest/globals";
import { quoted, visible } from "../../text/quoted.ts";

test.each([
  ["plain", '"plain"'],
  ['a "b" \\', '"a \\"b\\" \\\\"'],
  ["a\nb\u001B[31m", '"a\\nb\\u001b[31m"'],
  ["a\u202Eb\u2028c\u00ADd\uFEFFe", '"a\\u202eb\\u2028c\\u00add\\ufeffe"'],
  ["a\uD800b", '"a\\ud800b"'],
  ["a\u{E0041}b", '"a\\u{e0041}b"'],
  ["Ä株🏳️‍🌈 نام‌ها", '"Ä株🏳️‍🌈 نام‌ها"'],
  ["x".repeat(80), `"${"x".repeat(80)}"`],
  ["x".repeat(81), `"${"x".repeat(79)}…"`],
  [42, "42"],
  [Number.NaN, "NaN"],
  [true, "true"],
  [null, "null"],
])("quotes %j as %s", (value, shown) => {
  expect(quoted(value)).toBe(shown);
});

test("escapes only invisible characters in visible text", () => {
  expect(visible('a "b"\u0000')).toBe('a "b"\\u0000');
});
