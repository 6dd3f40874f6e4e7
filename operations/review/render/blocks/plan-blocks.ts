import type { Drift, PlanComparison } from "../../compare/plan-comparison.ts";
import { changeCells, type Budget, entityCell, tableBlock } from "./table-blocks.ts";
import { countsText } from "../wording.ts";
import { code } from "../escape.ts";

/**
 * Blocks about terraform's plan: its counts, and the changes that the declaration's change does not explain.
 *
 * @param hasBase whether there is a base to explain changes
 */
export function planBlocks(
  { counts, explained, drift }: PlanComparison,
  hasBase: boolean,
  budget: Budget,
): string[] {
  const isEmpty = Object.values(counts).every((count) => count === 0);
  return [
    `Plan: ${isEmpty ? "no changes" : countsText(counts)}.`,
    ...tableBlock(
      "What the plan changes because of this change",
      ["of", "action", "address"],
      explained.map(({ address, entity, action }) => [entityCell(entity), action, code(address)]),
      budget,
    ),
    ...tableBlock(
      hasBase
        ? "Drift: what the plan changes and this change does not explain"
        : "What the plan changes in Keycloak",
      ["of", "address", "action", "what", "from (Keycloak now)", "to (declared)"],
      drift.flatMap(driftRows),
      budget,
    ),
  ];
}

function driftRows({ address, entity, action, changes }: Drift): string[][] {
  const first = [entityCell(entity), code(address), action];
  return changes.length === 0
    ? [[...first, "–", "–", "–"]]
    : changes.map((change) => [...first, ...changeCells(change)]);
}
