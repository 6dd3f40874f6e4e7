import type { z } from "zod";
import { quoted } from "../../text/quoted.ts";

/**
 * Refinement of a list of texts, which refuses one that is listed before.
 *
 * @param noun the noun for an entry of the list
 * @param isCompared whether an entry is compared; one that has another problem need not be
 */
export function distinct(noun: string, isCompared: (entry: string) => boolean = () => true) {
  return (list: readonly string[], context: z.RefinementCtx): void => {
    for (const [index, entry] of list.entries()) {
      if (!isCompared(entry) || list.indexOf(entry) === index) continue;
      const message = `the ${noun} ${quoted(entry)} is listed twice; remove one`;
      context.addIssue({ code: "custom", path: [index], message });
    }
  };
}
