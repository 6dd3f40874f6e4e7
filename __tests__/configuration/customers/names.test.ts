import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { acme, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

describe("names", () => {
  test.each([
    ['""', "is empty; write the customer's name"],
    ['"   "', "is empty; write the customer's name"],
    ["x".repeat(256), "is longer than 255 characters; shorten it"],
    ["x".repeat(100_000), "is longer than 255 characters; shorten it"],
    [
      "'Acme ${var.x}'",
      'the name "Acme ${var.x}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "'100%{if true}'",
      'the name "100%{if true}" contains "%{", which Terraform would evaluate; remove it',
    ],
    ["'$${x}'", 'the name "$${x}" contains "${", which Terraform would evaluate; remove it'],
    [
      "'${TfToken[TOKEN.0]}'",
      'the name "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
    ],
    ['"a\\tb"', "contains the invisible character \\u0009; remove it"],
    ['"a\\nb"', "contains the invisible character \\u000a; remove it"],
    ['"a\\x1b[31mb"', "contains the invisible character \\u001b; remove it"],
    ["a\u0007b", "contains the invisible character \\u0007; remove it"],
    ["a\u200Bb", "contains the invisible character \\u200b; remove it"],
    ["a\u202Eb", "contains the invisible character \\u202e; remove it"],
    ["a\u2066b", "contains the invisible character \\u2066; remove it"],
    ["a\u2028b", "contains the invisible character \\u2028; remove it"],
    ["a\uFEFFb", "contains the invisible character \\ufeff; remove it"],
    ["a\u{E0041}b", "contains the invisible character \\u{e0041}; remove it"],
    ['"a\\ud800b"', "contains the invisible character \\ud800; remove it"],
    ["|\n      Acme\n      Corp", "contains the invisible character \\u000a; remove it"],
  ])("refuses the name %j", (name, problem) => {
    expect(messageFor(acme({ name }))).toBe(message(`3:11  customers.acme.name: ${problem}`));
  });
});
