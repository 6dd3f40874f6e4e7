import { expect, test } from "@jest/globals";
import { visible, visibleLines } from "../../text/visible.ts";

test.each([
  ['a "b"\u0000', 'a "b"\\u0000'],
  ["a\n::error::b\u001B[31m", "a\\u000a::error::b\\u001b[31m"],
  ["::error::a", "\\u003a:error::a"],
  ["  ::error::a", "  \\u003a:error::a"],
  ["a ::b", "a ::b"],
  ["a##[group]", "a\\u0023#[group]"],
  ["###[x", "#\\u0023#[x"],
  ["##vso[task.complete]", "\\u0023#vso[task.complete]"],
  ["## heading #1 [a]", "## heading #1 [a]"],
])("shows what a terminal or a CI log would act on as escapes: %j as %s", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test.each([
  ["Error: a\n\n  with b,\r\n  on c", "Error: a\n\n  with b,\n  on c"],
  ["\u001B[31m│\u001B[0m Error: a\tb", "│ Error: a  b"],
  ["a\n::error::forged\n  ::warning::b", "a\n\\u003a:error::forged\n  \\u003a:warning::b"],
  ["a\r##[error]b", "a\\u000d\\u0023#[error]b"],
  ["module.a::b\u202E", "module.a::b\\u202e"],
])(
  "shows the output of a program with its line breaks and nothing that acts: %j",
  (text, shown) => {
    expect(visibleLines(text)).toBe(shown);
  },
);
