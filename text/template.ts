import { quoted } from "./quoted.ts";

/**
 * Terraform evaluates `${…}` and `%{…}` in every text of its configuration, and cdktf reads tokens there: text from outside
 * must hold neither.
 *
 * @returns the problems, none if the text is plain
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
 */
export function templateProblems(what: string, text: string): string[] {
  const found = /[$%]\{/.exec(text);
  return found
    ? [
        `${what} ${quoted(text)} holds "${found[0]}", which Terraform would evaluate; write it without`,
      ]
    : [];
}
