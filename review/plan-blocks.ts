import { changeCells, names, type Room, subjectCell, tableBlock } from "./blocks.ts";
import { code } from "./escape.ts";
import type { Refusal, Verdict } from "./guard.ts";
import type { Drift, PlanReview } from "./plan-changes.ts";
import type { Origin } from "./report.ts";

/** What the guard rails say, first what they refuse. */
export function verdictBlocks({ refused, overruled }: Verdict, room: Room): string[] {
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
    ...(overruled.length > 0
      ? [
          [
            "> [!WARNING]",
            "> **Asked for in so many words**, and so not refused:",
            ">",
            ...overruled.map(
              (each) =>
                `> - ${each.what}: ${names(each.names, room)}, by ${names(each.trailers, room)}`,
            ),
          ].join("\n"),
        ]
      : []),
  ];
}

function refusalLines({ what, names: all, instead, trailers }: Refusal, room: Room): string[] {
  return [
    `> - **${what}**: ${names(all, room)}<br>`,
    `>   ${instead}. If it is meant, say so with a trailer in a commit: ${names(trailers, room)}`,
  ];
}

/** What terraform would do, and apart from it what the declaration's change does not explain. */
export function driftBlocks({ counts, drift }: PlanReview, { base }: Origin, room: Room): string[] {
  const words = [
    ...(counts.import > 0 ? [`${counts.import} to import`] : []),
    `${counts.add} to add`,
    `${counts.change} to change`,
    `${counts.destroy} to destroy`,
  ].join(", ");
  const nothing = counts.import + counts.add + counts.change + counts.destroy === 0;
  return [
    nothing ? "Terraform's plan: no changes." : `Terraform's plan: ${words}.`,
    ...tableBlock(
      base
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
