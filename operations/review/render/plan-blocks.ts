import type { Drift, PlanComparison } from "../compare/plan.ts";
import type { Refusal, Verdict } from "../guard/guard.ts";
import { changeCells, names, type Room, subjectCell, tableBlock } from "./blocks.ts";
import { countsText } from "./counts.ts";
import { code } from "./escape.ts";
import { describeRefusal } from "./refusal.ts";

/** The result of the guard rails, refusals first. */
export function verdictBlocks({ refused, overridden }: Verdict, room: Room): string[] {
  return [
    ...(refused.length > 0
      ? [
          [
            "> [!CAUTION]",
            "> **Refused**, here and by deploy:",
            ">",
            ...refused.flatMap((refusal) => refusalLines(refusal, room)),
          ].join("\n"),
        ]
      : []),
    ...(overridden.length > 0
      ? [
          [
            "> [!WARNING]",
            "> **Allowed explicitly**, and therefore not refused:",
            ">",
            ...overridden.map(
              (refusal) =>
                `> - ${describeRefusal(refusal).what}: ${names(refusal.names, room)}, by ${names(refusal.trailers, room)}`,
            ),
          ].join("\n"),
        ]
      : []),
  ];
}

function refusalLines(refusal: Refusal, room: Room): string[] {
  const { what, instead } = describeRefusal(refusal);
  return [
    `> - **${what}**: ${names(refusal.names, room)}<br>`,
    `>   ${instead}. If it is intended, add a trailer to a commit: ${names(refusal.trailers, room)}`,
  ];
}

/**
 * What terraform would do, and what of it the declaration's change does not explain.
 *
 * @param hasBase whether there is a base to explain changes
 */
export function planBlocks(
  { counts, drift }: PlanComparison,
  hasBase: boolean,
  room: Room,
): string[] {
  const isEmpty = counts.import + counts.add + counts.change + counts.destroy === 0;
  return [
    `Terraform's plan: ${isEmpty ? "no changes" : countsText(counts)}.`,
    ...tableBlock(
      hasBase
        ? "Drift: what the plan changes and this change does not explain"
        : "What the plan changes in Keycloak",
      ["of", "address", "terraform would", "what", "from (Keycloak now)", "to (declared)"],
      drift.flatMap(driftRows),
      room,
    ),
  ];
}

function driftRows({ address, subject, action, changes }: Drift): string[][] {
  const first = [subjectCell(subject), code(address), action];
  return changes.length === 0
    ? [[...first, "–", "–", "–"]]
    : changes.map((change) => [...first, ...changeCells(change)]);
}
