import { z } from "zod";
import { templateProblems } from "../text/template.ts";

/** Text that is there, and that Terraform takes as it stands. */
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
