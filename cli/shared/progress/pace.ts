import type { Pace } from "../../../operations/terraform/terraform-runs.ts";
import { onTerminal, plainLines } from "./stacks-progress.ts";

/** The pace that an option sets, with a report of how far the work on several stacks is. */
export function paceOf({ parallel }: { readonly parallel?: number | undefined }): Pace {
  return {
    ...(parallel !== undefined && { parallel }),
    onStacks: process.stderr.isTTY ? onTerminal : plainLines,
  };
}
