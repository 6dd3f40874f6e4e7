import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { clientType } from "../../../constructs/names/resource-types.ts";
import { RefusedError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { effective, isRemoval, type Planned } from "../../terraform/plan.ts";

/**
 * Refuses a plan that would delete the clients of customers that are declared: their state is in another shard than it should be, because the
 * number of shards has changed, or an entry has lost its `renamedFrom`.
 *
 * @throws RefusedError with the customers
 */
export function refuseMisplacedCustomers(
  { changes }: Planned,
  { customers, shards = 1 }: RealmDeclaration,
): void {
  const misplaced = effective(changes)
    .filter(({ type, change }) => type === clientType && isRemoval(change.actions))
    .map(({ change }) => String(change.before?.client_id))
    .filter((id) => Object.hasOwn(customers, id));
  if (misplaced.length === 0) return;
  const some = misplaced.slice(0, shown);
  const rest = misplaced.length - some.length;
  const names = rest > 0 ? `${some.join(", ")} and ${rest} more` : listed(some);
  throw new RefusedError(
    `the states of these customers are not in the stacks that they belong to: ${names}; nothing is applied; npm run reshard -- --to ${shards} moves them`,
  );
}

/** The number of customers that the message names. */
const shown = 10;
