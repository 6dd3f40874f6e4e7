import { clientType } from "../../constructs/names/resource-types.ts";
import type { StateMove } from "./moves.ts";
import { addressOf } from "./states.ts";
import { plural } from "../../text/plural.ts";

/** The move of a customer's state. */
export interface CustomerMove {
  /** The customer's client id. */
  readonly id: string;
  /** The name of the stack that has it now. */
  readonly from: string;
  /** The name of the stack that it belongs to. */
  readonly to: string;
}

/** The customers whose clients are moved. */
export function customerMoves(moves: readonly StateMove[]): CustomerMove[] {
  return moves.flatMap(({ stack: to, added }) =>
    added
      .filter(({ type }) => type === clientType)
      .map((client) => ({
        id: String(client.instances[0]?.attributes?.client_id),
        from: moves.find(({ removed }) => removed.has(addressOf(client)))?.stack ?? "",
        to,
      })),
  );
}

/** The moves that are listed. */
const shown = 50;

/** The customers that move, one on a line, and their number. */
export function movesText(moves: readonly CustomerMove[]): string {
  const more = moves.length - shown;
  return [
    ...moves.slice(0, shown).map(({ id, from, to }) => `${id}: ${from} → ${to}`),
    ...(more > 0 ? [`and ${more.toLocaleString("en-US")} more`] : []),
    `${plural(moves.length, "customer")} to move`,
  ].join("\n");
}
