import { expect, test } from "@jest/globals";
import { quoted } from "../../text/quoted.ts";

test.each([
  ["plain", '"plain"'],
  ['a "b" \\', '"a \\"b\\" \\\\"'],
  ["a\nb\u001B[31m", '"a\\nb\\u001b[31m"'],
  ["a\u202Eb\u2028c\u00ADd\uFEFFe", '"a\\u202eb\\u2028c\\u00add\\ufeffe"'],
  ["a\uD800b", '"a\\ud800b"'],
  ["a\u{E0041}b", '"a\\u{e0041}b"'],
  ["Ä株🏳️‍🌈 نام\u200Cها अक्\u200Dष", '"Ä株🏳️‍🌈 نام\u200Cها अक्\u200Dष"'],
  ["a\u3164b\u2800c\uFE0Fd\u034Fe", '"a\\u3164b\\u2800c\\ufe0fd\\u034fe"'],
  ["a\uE000b\uFFFFc\u200Dd", '"a\\ue000b\\uffffc\\u200dd"'],
  ["a##[error]b", '"a\\u0023#[error]b"'],
  ["x".repeat(80), `"${"x".repeat(80)}"`],
  ["x".repeat(81), `"${"x".repeat(79)}…"`],
  ["https://me:TOP#SECRET@x.example", '"https://me:(hidden)"'],
  [`https://me:${"x".repeat(90)}@x.example`, '"https://(hidden)@x.example"'],
  [42, "42"],
  [Number.NaN, "NaN"],
  [true, "true"],
  [null, "null"],
])("quotes %j as %s", (value, shown) => {
  expect(quoted(value)).toBe(shown);
});
