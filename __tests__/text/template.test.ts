import { expect, test } from "@jest/globals";
import { templateProblems } from "../../text/template.ts";

test.each(["", "plain", "$", "5 $ {", "100 % {", "$$", "{$}", "$ {x}"])("%j is plain", (text) => {
  expect(templateProblems("name", text)).toEqual([]);
});

test.each([
  ["${x}", "${"],
  ["$${x}", "${"],
  ["a %{if b}", "%{"],
  ["${", "${"],
  ["${TfToken[TOKEN.0]}", "${"],
])("%j is a template", (text, found) => {
  expect(templateProblems("name", text)).toEqual([
    `name "${text}" holds "${found}", which Terraform would evaluate; write it without`,
  ]);
});
