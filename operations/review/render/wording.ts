import type { PlanCounts } from "../../terraform/plan.ts";
import type { Replacement } from "../compare/declaration-change.ts";

/** Reason why something is recreated. */
export function becauseText({ because }: Replacement): string {
  return because === "realm" ? "the realm is recreated" : "its address changes";
}

/** Counts as terraform prints them: `17 to add, 0 to change, 0 to destroy`. */
export function countsText({ import: imported, add, change, destroy, forget }: PlanCounts): string {
  return [
    ...(imported > 0 ? [`${imported} to import`] : []),
    `${add} to add`,
    `${change} to change`,
    `${destroy} to destroy`,
    ...(forget > 0 ? [`${forget} to forget`] : []),
  ].join(", ");
}
