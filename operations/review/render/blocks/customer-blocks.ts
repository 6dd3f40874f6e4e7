import { addedAccess } from "../../compare/customers/access.ts";
import type { DeclarationChange, ReviewedCustomer } from "../../compare/declaration-change.ts";
import { credentialBlocks, endCell, lifespanCell, methodCell } from "./credential-blocks.ts";
import {
  changeCells,
  customerCells,
  accessCell,
  names,
  type Budget,
  tableBlock,
} from "./table-blocks.ts";
import { code } from "../escape.ts";

/** Customers that are added, suspended, resumed or removed, and what customers gain and lose. */
export function customerBlocks({ customers }: DeclarationChange, budget: Budget): string[] {
  const columns = ["customer", "name", "contact"];
  const list = (heading: string, entries: readonly ReviewedCustomer[], last: string) =>
    tableBlock(heading, [...columns, last], entries.map(row), budget);
  const row = (entry: ReviewedCustomer) => [
    ...customerCells(entry),
    accessCell(addedAccess({}, entry.access), budget),
  ];
  const added = (entry: ReviewedCustomer) => [
    ...row(entry),
    methodCell(entry.credentials),
    lifespanCell(entry.credentials.tokenLifespan),
    endCell(entry.credentials.expires),
    entry.enabled ? "gets tokens" : "suspended",
  ];
  const removed = (entry: ReviewedCustomer) => [...row(entry), entry.enabled ? "no" : "yes"];
  return [
    ...tableBlock(
      "Names that mix letters that look alike",
      ["customer", "word", "scripts"],
      customers.mixedScripts.map(({ id, word, scripts }) => [code(id), code(word), scripts]),
      budget,
    ),
    ...tableBlock(
      "Customers added",
      [...columns, "gains", "authenticates with", "token lifespan", "end of access", "state"],
      customers.added.map(added),
      budget,
    ),
    ...list("Customers suspended", customers.suspended, "gets no token for"),
    ...list("Customers resumed", customers.resumed, "gets tokens again for"),
    ...tableBlock(
      "Customers removed",
      [...columns, "loses", "was suspended"],
      customers.removed.map(removed),
      budget,
    ),
    ...credentialBlocks(customers, budget),
    ...tableBlock(
      "Access of customers",
      ["customer", "gains", "loses"],
      customers.access.map(({ id, gained, lost }) => [
        code(id),
        accessCell(gained, budget),
        accessCell(lost, budget),
      ]),
      budget,
    ),
    ...tableBlock(
      "Names and contacts",
      ["customer", "what", "from", "to"],
      customers.changed.flatMap(({ id, changes }) =>
        changes.map((change) => [code(id), ...changeCells(change)]),
      ),
      budget,
    ),
    ...tableBlock(
      "Settings of customers' clients, changed in the code",
      ["of", "what", "from", "to", "customers"],
      customers.settings.map((change) => [
        code(change.type),
        ...changeCells(change),
        `${change.customers.length}: ${names(change.customers, budget)}`,
      ]),
      budget,
    ),
  ];
}
