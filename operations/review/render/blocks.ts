import { plural } from "../../../text/plural.ts";
import type { IdentifiedCustomer } from "../../../constructs/declaration.ts";
import type { Grant, Subject, ValueChange } from "../compare/declaration-change.ts";
import { code, codeValue } from "./escape.ts";

/** How much is shown at most. */
export interface Room {
  /** Rows of a table, or items of a list. */
  readonly rows: number;
  /** Names in a cell. */
  readonly names: number;
}

/** A heading with a table; nothing if there are no rows. Rows that do not fit are counted. */
export function tableBlock(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  room: Room,
): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    [
      `### ${heading}`,
      "",
      line(columns),
      line(columns.map(() => "---")),
      ...rows.slice(0, room.rows).map(line),
      ...rest(rows.length, room.rows),
    ].join("\n"),
  ];
}

function rest(count: number, shown: number): string[] {
  return count > shown ? ["", `… and ${(count - shown).toLocaleString("en-US")} more.`] : [];
}

/** Names in a cell. Names that do not fit are counted. */
export function names(list: readonly string[], room: Room): string {
  const shown = list.slice(0, room.names).map(code).join(", ");
  return list.length > room.names
    ? `${shown} and ${plural(list.length - room.names, "other")}`
    : shown;
}

/** What a client gains or loses, in a cell: audiences, then permissions. */
export function grantsCell(grants: readonly Grant[], room: Room): string {
  const audiences = grants.filter(({ audience }) => audience).map(({ api }) => api);
  const permissions = grants.flatMap((grant) => grant.permissions);
  const cell = [
    ...(audiences.length > 0 ? [`aud ${names(audiences, room)}`] : []),
    ...(permissions.length > 0 ? [names(permissions, room)] : []),
  ].join("; ");
  return cell || "–";
}

/** The first cells of a customer: id, name and contact. */
export function customerCells({ id, name, contact }: IdentifiedCustomer): string[] {
  return [code(id), code(name), code(contact)];
}

/** The cells of a changed value: what, from, to. */
export function changeCells({ attribute, from, to }: ValueChange): string[] {
  return [code(attribute), codeValue(from), codeValue(to)];
}

/** The cell of a subject: API `atlas-api`. */
export function subjectCell({ kind, name }: Subject): string {
  return kind === "other" ? code(name) : `${kind} ${code(name)}`;
}
