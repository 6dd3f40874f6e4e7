import type { Replacement } from "../compare/declaration-change.ts";

/** Why something is recreated. */
export function becauseText({ because }: Replacement): string {
  return because === "realm" ? "the realm is recreated" : "its address changes";
}
