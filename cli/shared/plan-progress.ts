import { countsText } from "../../operations/review/render/wording.ts";
import type { PlanCounts } from "../../operations/terraform/plan.ts";

/** Prints what an apply is about to do, and each resource when it is done. */
export const planProgress = {
  onPlanned: (counts: PlanCounts): void => {
    const isEmpty = Object.values(counts).every((count) => count === 0);
    console.log(
      isEmpty
        ? "Keycloak is as declared: nothing to change"
        : `terraform apply: ${countsText(counts)} …`,
    );
  },
  onDone: (address: string, action: string): void => {
    console.log(`  ${action} ${address}`);
  },
};
