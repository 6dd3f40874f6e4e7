import { grantsCell, changeCells, names, type Room, subjectCell, tableBlock } from "./blocks.ts";
import { isEmpty } from "./changes.ts";
import { customerBlocks } from "./customer-blocks.ts";
import { code } from "./escape.ts";
import { picture } from "./picture.ts";
import { driftBlocks, verdictBlocks } from "./plan-blocks.ts";
import type { Report } from "./report.ts";
import type { Review } from "./review.ts";
import { sentence } from "./sentence.ts";

/** What GitHub takes as a comment is 65,536 characters; some are left for what a pipeline adds. */
const mostCharacters = 58_000;

/**
 * A review as Markdown for a pull request's comment, always below 60,000 characters: what matters most stands first, and what
 * does not fit is counted.
 */
export function markdown(report: Report): string {
  for (let rows = 200; ; rows = Math.floor(rows / 2)) {
    const text = render(report, { rows, names: Math.max(3, Math.min(10, rows)) });
    if (text.length <= mostCharacters || rows <= 1) return text;
  }
}

function render(report: Report, room: Room): string {
  const { review, verdict, plan, origin } = report;
  const nothing = isEmpty(review);
  const first = nothing && origin.note !== undefined ? origin.note : sentence(review);
  const blocks = [
    first,
    ...(!nothing && origin.note !== undefined ? [origin.note] : []),
    ...verdictBlocks(verdict, room),
    ...(nothing
      ? []
      : [
          ...customerBlocks(review, room),
          ...apiBlocks(review, room),
          ...settingBlocks(review, room),
          ...picture(review),
        ]),
    ...(plan ? driftBlocks(plan, origin, room) : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function apiBlocks({ apis, frontends }: Review, room: Room): string[] {
  const permissions = (list: readonly string[]) => names(list, room) || "–";
  return [
    ...tableBlock(
      "APIs",
      ["API", "change", "permissions added", "permissions removed"],
      [
        ...apis.removed.map((api) => [code(api.id), "removed", "–", permissions(api.permissions)]),
        ...apis.added.map((api) => [code(api.id), "added", permissions(api.permissions), "–"]),
        ...apis.changed.map((api) => [
          code(api.id),
          "changed",
          permissions(api.added),
          permissions(api.removed),
        ]),
      ],
      room,
    ),
    ...tableBlock(
      "Frontends",
      ["frontend", "change", "its users gain", "its users lose"],
      (["removed", "added", "changed"] as const).flatMap((change) =>
        frontends[change].map(({ id, gained, lost }) => [
          code(id),
          change,
          grantsCell(gained, room),
          grantsCell(lost, room),
        ]),
      ),
      room,
    ),
  ];
}

function settingBlocks({ settings, parts, replaced }: Review, room: Room): string[] {
  return [
    ...tableBlock(
      "Deleted and made anew",
      ["what", "because"],
      replaced.map((each) => [subjectCell(each), each.because]),
      room,
    ),
    ...tableBlock(
      "Settings",
      ["of", "what", "from", "to"],
      settings.map((each) => [subjectCell(each.subject), ...changeCells(each)]),
      room,
    ),
    ...tableBlock(
      "Parts that come and go",
      ["of", "part", "change"],
      parts.map((each) => [subjectCell(each.subject), code(each.address), each.change]),
      room,
    ),
  ];
}
