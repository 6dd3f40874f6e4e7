import { z } from "zod";
import { templateProblems } from "../constructs/terraform-template.ts";

/** Schema of text that is not empty and that Terraform does not evaluate. */
export function plainText(what: string) {
  return z
    .string()
    .min(1, { error: `is empty; write ${what}` })
    .superRefine((text, context) => {
      for (const message of templateProblems(what, text)) {
        context.addIssue({ code: "custom", message });
      }
    });
}
