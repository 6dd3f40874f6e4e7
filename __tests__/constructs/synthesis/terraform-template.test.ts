import { expect, test } from "@jest/globals";
import { templateProblems } from "../../../constructs/synthesis/terraform-template.ts";

test.each([
  "",
  "plain",
  "$",
  "5 $ {",
  "100 % {",
  "$$",
  "{$}",
  "$ {x}",
  "#{x}",
  "&{x}",
  "TfToken[TOKEN.0]",
])("accepts the plain text %j", (text) => {
  expect(templateProblems("name", text)).toEqual([]);
});

test.each([
  ["${x}", "${"],
  ["$${x}", "${"],
  ["a %{if b}", "%{"],
  ["${", "${"],
  ["${TfToken[TOKEN.0]}", "${"],
  ["${{ secrets.TOKEN }}", "${"],
])("refuses the template %j", (text, found) => {
  expect(templateProblems("name", text)).toEqual([
    `name "${text}" contains "${found}", which Terraform would evaluate; remove it`,
  ]);
});

test.each([
  ["#{TfToken[TOKEN.0]}", "#{TfToken["],
  ["a &{TfToken[TOKEN.1]} b", "&{TfToken["],
])("refuses the encoded token %j", (text, found) => {
  expect(templateProblems("name", text)).toEqual([
    `name "${text}" contains "${found}", which cdktf would evaluate; remove it`,
  ]);
});
