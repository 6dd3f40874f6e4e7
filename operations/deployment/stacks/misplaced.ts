import type { Customer, RealmDeclaration } from "../../../constructs/declaration.ts";
import { clientType } from "../../../constructs/names/resource-types.ts";
import { RefusedError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { quoted } from "../../../text/quoted.ts";
import { effective, isRemoval, type Planned } from "../../terraform/plan.ts";

/**
 * Refuses plans that would delete the clients of customers that are declared: their state is in another shard than it should be, because the
 * number of shards has changed, or an entry has lost its `renamedFrom`. A client that its own stack creates again has changed its address.
 *
 * @throws RefusedError with the customers
 */
export function refuseMisplacedCustomers(
  plans: readonly { readonly planned: Planned }[],
  { customers, shards = 1 }: RealmDeclaration,
): void {
  const owners = ownersOf(customers);
  const misplaced = plans.flatMap(({ planned: { changes } }) => {
    const clients = effective(changes).filter(({ type }) => type === clientType);
    const created = new Set(clients.map(({ change }) => change.after?.client_id));
    return clients
      .filter(({ change }) => isRemoval(change.actions))
      .map(({ change }) => String(change.before?.client_id))
      .filter((id) => owners.has(id) && !created.has(owners.get(id)));
  });
  const renamed = misplaced.find((id) => owners.get(id) !== id);
  if (renamed !== undefined)
    throw new RefusedError(
      `the customer ${quoted(owners.get(renamed) ?? "")} is renamed from ${quoted(renamed)}, whose own renaming is not complete; nothing is applied; declare it as ${quoted(renamed)} without renamedFrom, run npm run reshard -- --to ${shards}, and then rename it`,
    );
  if (misplaced.length === 0) return;
  const some = misplaced.slice(0, shown);
  const rest = misplaced.length - some.length;
  const names = rest > 0 ? `${some.join(", ")} and ${rest} more` : listed(some);
  throw new RefusedError(
    `the states of these customers are not in the stacks that they belong to: ${names}; nothing is applied; npm run reshard -- --to ${shards} moves them`,
  );
}

/** The id of the customer that a client id belongs to, or has belonged to before it was renamed. */
function ownersOf(customers: Readonly<Record<string, Customer>>): ReadonlyMap<string, string> {
  const entries = Object.entries(customers);
  return new Map([
    ...entries.flatMap(([id, { renamedFrom }]) =>
      renamedFrom === undefined ? [] : [[renamedFrom, id] as const],
    ),
    ...entries.map(([id]) => [id, id] as const),
  ]);
}

/** The number of customers that the message names. */
const shown = 10;
