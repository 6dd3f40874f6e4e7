import { countsText } from "../../../operations/review/render/wording.ts";
import {
  countChanges,
  effective,
  type ResourceChange,
} from "../../../operations/terraform/plan.ts";
import type { Rotated } from "../../../operations/deployment/rotations.ts";
import { terraformName } from "../../../operations/terraform/program.ts";
import { rotatedText } from "../rotated-text.ts";

/** Progress that prints what an apply is about to do, and each resource when it is done. */
export function planProgress(variables: NodeJS.ProcessEnv) {
  return {
    onPlanned: (changes: readonly ResourceChange[]): void => {
      console.log(
        effective(changes).length === 0
          ? "Keycloak is as declared: nothing to change"
          : `${terraformName(variables)} apply: ${countsText(countChanges(changes))} …`,
      );
    },
    onDone: (address: string, action: string): void => {
      console.log(`  ${action} ${address}`);
    },
    onRotated: ({ id, end }: Rotated): void => {
      console.log(rotatedText(id, end));
    },
  };
}
