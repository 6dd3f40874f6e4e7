import type { Customer, RealmDeclaration } from "../../../constructs/declaration.ts";
import { clientType } from "../../../constructs/names/resource-types.ts";
import { RefusedError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { plural } from "../../../text/plural.ts";
import { quoted } from "../../../text/quoted.ts";
import { effective, isRemoval, type Planned } from "../../terraform/plan.ts";
import { storedShards, type StoredShards } from "../../terraform/state/stored-shards.ts";
import type { TerraformRuns } from "../../terraform/terraform-runs.ts";

/** The plans of several stacks. */
type Plans = readonly { readonly planned: Planned }[];

/**
 * Refuses plans if the states of customers are in other shards than declared. Such a plan would delete clients in one stack, and create or
 * import them in another one. A client whose state is not read looks as if an interrupted deploy had left it, and would get a new secret.
 *
 * @throws RefusedError with the way out
 */
export async function refuseMisplacedCustomers(runs: TerraformRuns, plans: Plans): Promise<void> {
  const { declaration } = runs.head;
  const problem = misplacedProblem(plans, declaration);
  if (problem === undefined && !importsCustomer(plans, declaration)) return;
  await runs.realm.initialize();
  const stored = await storedShards(runs.realm.workspace);
  const reason = shardsProblem(stored, declaration.shards ?? 1) ?? problem;
  if (reason !== undefined) throw new RefusedError(reason);
}

function importsCustomer(plans: Plans, { customers }: RealmDeclaration): boolean {
  return plans.some(({ planned: { changes } }) =>
    changes.some(
      ({ type, change }) =>
        type === clientType &&
        change.importing !== undefined &&
        Object.hasOwn(customers, String(change.after?.client_id)),
    ),
  );
}

/** The problem of a number of shards that is not the one in the realm's state; undefined if there is none. */
export function shardsProblem(
  stored: StoredShards | undefined,
  declared: number,
): string | undefined {
  if (stored?.movingUpTo !== undefined)
    return `npm run reshard has moved some states of customers, and was interrupted; nothing is applied; npm run reshard -- --to ${declared} moves them to the declared ${plural(declared, "shard")}`;
  if (!stored || stored.count === declared) return undefined;
  return `the states of customers are in ${plural(stored.count, "shard")}, not in ${declared}; nothing is applied; set shards: ${stored.count}, or run npm run reshard -- --to ${declared}`;
}

/**
 * The problem of plans that would delete the clients of customers that are declared, because an entry has lost its `renamedFrom`, for example.
 * A client that its own stack creates again has changed its address.
 */
export function misplacedProblem(
  plans: Plans,
  { customers, shards = 1 }: RealmDeclaration,
): string | undefined {
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
    return `the customer ${quoted(owners.get(renamed) ?? "")} is renamed from ${quoted(renamed)}, whose state is in another shard; nothing is applied; declare it as ${quoted(renamed)} without renamedFrom, run npm run reshard -- --to ${shards}, and then rename it`;
  if (misplaced.length === 0) return undefined;
  const some = misplaced.slice(0, shown);
  const rest = misplaced.length - some.length;
  const names = rest > 0 ? `${some.join(", ")} and ${rest} more` : listed(some);
  return `the states of these customers are not in the stacks that they belong to: ${names}; nothing is applied; npm run reshard -- --to ${shards} moves them`;
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
