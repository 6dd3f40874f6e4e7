import { quoted } from "../../text/quoted.ts";

/**
 * Problems of text that Terraform or cdktf would evaluate. Terraform evaluates `${…}` and `%{…}` in every text of its configuration.
 * cdktf reads its tokens there: `${TfToken[…]}` for text, `#{TfToken[…]}` for lists, `&{TfToken[…]}` for maps. Text from outside must
 * contain none of them.
 *
 * @returns the problems, none if the text is plain
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
 * @see https://developer.hashicorp.com/terraform/cdktf/concepts/tokens
 */
export function templateProblems(what: string, text: string): string[] {
  const [found] = /[$%]\{|[#&]\{TfToken\[/.exec(text) ?? [];
  if (found === undefined) return [];
  const evaluator = /^[$%]/.test(found) ? "Terraform" : "cdktf";
  return [
    `${what} ${quoted(text)} contains "${found}", which ${evaluator} would evaluate; remove it`,
  ];
}
