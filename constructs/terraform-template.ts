import { quoted } from "../text/quoted.ts";

/**
 * Problems of text that Terraform would evaluate. Terraform evaluates `${…}` and `%{…}` in every text of its configuration, and
 * cdktf reads tokens there, so text from outside must contain neither.
 *
 * @returns the problems, none if the text is plain
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
 */
export function templateProblems(what: string, text: string): string[] {
  const found = /[$%]\{/.exec(text);
  return found
    ? [`${what} ${quoted(text)} contains "${found[0]}", which Terraform would evaluate; remove it`]
    : [];
}
