import { expect, test } from "@jest/globals";
import { templateProblems } from "../../constructs/terraform-template.ts";

test.each(["", "plain", "$", "5 $ {", "100 % {", "$$", "{$}", "$ {x}"])(
  "accepts the plain text %j",
  (text) => {
    expect(templateProblems("name", text)).toEqual([]);
  },
);

test.each([
  ["${x}", "${"],
  ["$${x}", "${"],
  ["a %{if b}", "%{"],
  ["${", "${"],
  ["${TfToken[TOKEN.0]}", "${"],
])("refuses the template %j", (text, found) => {
  expect(templateProblems("name", text)).toEqual([
    `name "${text}" contains "${found}", which Terraform would evaluate; remove it`,
  ]);
});
