import { z } from "zod";
import { templateProblems } from "../../constructs/synthesis/terraform-template.ts";

/** Schema of text that is not empty and that Terraform does not evaluate. */
export function plainText(what: string) {
  return checkedText((text) =>
    text === "" ? [`is empty; write ${what}`] : templateProblems(what, text),
  );
}

/** Schema of text without problems of a certain kind. */
export function checkedText(problems: (text: string) => readonly string[]) {
  return z.string().superRefine((text, context) => {
    for (const message of problems(text)) context.addIssue({ code: "custom", message });
  });
}
