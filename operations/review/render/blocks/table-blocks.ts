import { plural } from "../../../../text/plural.ts";
import type { IdentifiedCustomer } from "../../../../constructs/declaration.ts";
import type { ApiAccess } from "../../compare/declaration-change.ts";
import type { Entity } from "../../compare/resources/entity.ts";
import type { ValueChange } from "../../compare/values.ts";
import { code, codeValue } from "../escape.ts";

/** Limits of a table, a list or a cell. */
export interface Budget {
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
  budget: Budget,
): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    [
      `### ${heading}`,
      "",
      line(columns),
      line(columns.map(() => "---")),
      ...rows.slice(0, budget.rows).map(line),
      ...rest(rows.length, budget.rows),
    ].join("\n"),
  ];
}

function rest(count: number, shown: number): string[] {
  return count > shown ? ["", `… and ${(count - shown).toLocaleString("en-US")} more.`] : [];
}

/** Names in a cell. Names that do not fit are counted. */
export function names(list: readonly string[], budget: Budget): string {
  const shown = list.slice(0, budget.names).map(code).join(", ");
  return list.length > budget.names
    ? `${shown} and ${plural(list.length - budget.names, "other")}`
    : shown;
}

/** Cell with the access that a client gains or loses: audiences, then permissions. */
export function accessCell(list: readonly ApiAccess[], budget: Budget): string {
  const audiences = list.filter(({ audience }) => audience).map(({ api }) => api);
  const permissions = list.flatMap((each) => each.permissions);
  const cell = [
    ...(audiences.length > 0 ? [`aud ${names(audiences, budget)}`] : []),
    ...(permissions.length > 0 ? [names(permissions, budget)] : []),
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

/** Cell with the arguments of an added resource. */
export function argumentsCell(values: readonly ValueChange[]): string {
  const cell = values.map(({ attribute, to }) => `${code(attribute)}: ${codeValue(to)}`);
  return cell.join("<br>") || "–";
}

/** Cell of an entity: API `atlas-api`. */
export function entityCell({ kind, name }: Entity): string {
  return kind === "other" ? code(name) : `${kind} ${code(name)}`;
}
