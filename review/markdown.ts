import { grants } from "./access.ts";
import {
  customerCells,
  changeCells,
  grantsCell,
  names,
  type Room,
  subjectCell,
  tableBlock,
} from "./blocks.ts";
import { isEmpty } from "./changes.ts";
import { code } from "./escape.ts";
import { picture } from "./picture.ts";
import { driftBlocks, verdictBlocks } from "./plan-blocks.ts";
import type { Report } from "./report.ts";
import type { CustomerEntry, Review } from "./review.ts";
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
  const first = origin.note === undefined ? sentence(review) : `${origin.note} ${sentence(review)}`;
  const blocks = [
    first,
    ...verdictBlocks(verdict, room),
    ...(isEmpty(review)
      ? []
      : [
          ...customerBlocks(review, room),
          ...apiBlocks(review, room),
          ...settingBlocks(review, room),
          ...picture(review),
        ]),
    ...(plan ? driftBlocks(plan, room) : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function customerBlocks({ customers }: Review, room: Room): string[] {
  const columns = ["customer", "name", "contact"];
  const list = (heading: string, entries: readonly CustomerEntry[], last: string) =>
    tableBlock(heading, [...columns, last], entries.map(row), room);
  const row = (entry: CustomerEntry) => [
    ...customerCells(entry),
    grantsCell(grants({}, entry.access), room),
  ];
  const added = (entry: CustomerEntry) => [
    ...row(entry),
    entry.enabled ? "gets tokens" : "suspended",
  ];
  const removed = (entry: CustomerEntry) => [...row(entry), entry.enabled ? "no" : "yes"];
  return [
    ...tableBlock(
      "Customers added",
      [...columns, "gains", "state"],
      customers.added.map(added),
      room,
    ),
    ...list("Customers suspended", customers.suspended, "gets no token for"),
    ...list("Customers resumed", customers.resumed, "gets tokens again for"),
    ...tableBlock(
      "Customers removed",
      [...columns, "loses", "was suspended"],
      customers.removed.map(removed),
      room,
    ),
    ...tableBlock(
      "Access of customers",
      ["customer", "gains", "loses"],
      customers.access.map(({ id, gained, lost }) => [
        code(id),
        grantsCell(gained, room),
        grantsCell(lost, room),
      ]),
      room,
    ),
    ...tableBlock(
      "Names and contacts",
      ["customer", "what", "from", "to"],
      customers.changed.flatMap(({ id, changes }) =>
        changes.map((change) => [code(id), ...changeCells(change)]),
      ),
      room,
    ),
    ...tableBlock(
      "Every such customer's client, by the code",
      ["what", "from", "to", "customers"],
      customers.settings.map((change) => [
        ...changeCells(change),
        `${change.customers.length}: ${names(change.customers, room)}`,
      ]),
      room,
    ),
  ];
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
