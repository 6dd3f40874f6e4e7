import type { Pace } from "../../operations/terraform/terraform-runs.ts";

/** The pace that an option sets. Each stack that is done is reported on a line of its own. */
export function paceOf({ parallel }: { readonly parallel?: number | undefined }): Pace {
  return {
    ...(parallel !== undefined && { parallel }),
    onStack: (verb, stack, done, of) => {
      console.error(`${verb} ${stack} (${done} of ${of} stacks)`);
    },
  };
}
