import { plural } from "../../../text/plural.ts";
import { addedAccess } from "../compare/customers/access.ts";
import type {
  AccessChange,
  CustomersChange,
  DeclarationChange,
  ApiAccess,
} from "../compare/declaration-change.ts";
import { label } from "./escape.ts";

const mostCustomers = 12;
const mostEdges = 40;

/**
 * Mermaid diagram of the affected customers, their APIs and the permissions that they gain or lose; nothing if no customer's access
 * changes. A dotted line is what a customer loses.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function diagram({ customers }: DeclarationChange): string[] {
  const touched = touchedCustomers(customers);
  if (touched.length === 0) return [];
  const shown = touched.slice(0, mostCustomers);
  const apis = [
    ...new Set(shown.flatMap(({ gained, lost }) => [...gained, ...lost].map(({ api }) => api))),
  ];
  const edges = shown.flatMap(({ gained, lost }, index) => [
    ...gained.map((access) => edge(index, "-->", access, apis)),
    ...lost.map((access) => edge(index, "-.->", access, apis)),
  ]);
  return [
    [
      "```mermaid",
      "flowchart LR",
      ...shown.map(({ id, mark }, index) => `  c${index}["${label(id)}<br>${mark}"]`),
      ...apis.map((api, index) => `  a${index}(["${label(api)}"])`),
      ...edges.slice(0, mostEdges),
      "```",
      ...(touched.length > shown.length || edges.length > mostEdges
        ? [
            "",
            `The diagram shows the first ${shown.length} of ${plural(touched.length, "customer")}.`,
          ]
        : []),
    ].join("\n"),
  ];
}

interface Touched extends AccessChange {
  /** Change to the customer, in one word. */
  readonly mark: string;
}

function touchedCustomers({
  added,
  removed,
  suspended,
  resumed,
  access,
}: CustomersChange): Touched[] {
  const changed = new Map(access.map((change) => [change.id, change]));
  const switched = new Set([...suspended, ...resumed].map(({ id }) => id));
  return [
    ...removed.map(({ id, access: lost }) => ({
      ...{ id, gained: [], lost: addedAccess({}, lost), mark: "removed" },
    })),
    ...added.map(({ id, access: gained }) => ({
      ...{ id, gained: addedAccess({}, gained), lost: [], mark: "added" },
    })),
    ...suspended.map(({ id, access: lost }) => ({
      ...{
        id,
        gained: changed.get(id)?.gained ?? [],
        lost: addedAccess({}, lost),
        mark: "suspended",
      },
    })),
    ...resumed.map(({ id, access: gained }) => ({
      ...{
        id,
        gained: addedAccess({}, gained),
        lost: changed.get(id)?.lost ?? [],
        mark: "resumed",
      },
    })),
    ...access
      .filter(({ id }) => !switched.has(id))
      .map((change) => ({ ...change, mark: "changed" })),
  ];
}

function edge(customer: number, arrow: string, access: ApiAccess, apis: readonly string[]): string {
  const words = access.permissions.slice(0, 4).map(label);
  const more = access.permissions.length - words.length;
  const text = [...words, ...(more > 0 ? [`and ${more} more`] : [])].join("<br>") || "audience";
  return `  c${customer} ${arrow}|"${text}"| a${apis.indexOf(access.api)}`;
}
