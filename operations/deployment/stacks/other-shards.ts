import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { clientType } from "../../../constructs/names/resource-types.ts";
import { RefusedError } from "../../../text/errors.ts";
import { plural } from "../../../text/plural.ts";
import type { Planned } from "../../terraform/plan.ts";
import { storedShards, type StoredShards } from "../../terraform/state/stored-shards.ts";
import type { TerraformRuns } from "../../terraform/terraform-runs.ts";

/**
 * Refuses plans that would import clients of customers although their states are in shards that are not declared. Without those states, a
 * client looks as if an interrupted deploy had left it, and would get a new secret.
 *
 * @throws RefusedError if the realm's state has another number of shards
 */
export async function refuseOtherShards(
  runs: TerraformRuns,
  plans: readonly { readonly planned: Planned }[],
): Promise<void> {
  const { declaration } = runs.head;
  if (!plans.some(({ planned }) => importsCustomer(planned, declaration))) return;
  await runs.realm.initialize();
  const stored = await storedShards(runs.realm.workspace);
  const problem = stored && problemOf(stored, declaration.shards ?? 1);
  if (problem !== undefined) throw new RefusedError(problem);
}

function importsCustomer({ changes }: Planned, { customers }: RealmDeclaration): boolean {
  return changes.some(
    ({ type, change }) =>
      type === clientType &&
      change.importing !== undefined &&
      Object.hasOwn(customers, String(change.after?.client_id)),
  );
}

function problemOf({ count, movingTo }: StoredShards, declared: number): string | undefined {
  if (movingTo !== undefined)
    return `the states of customers are being moved to ${plural(movingTo, "shard")}; nothing is applied; npm run reshard -- --to ${movingTo} completes that`;
  if (count === declared) return undefined;
  return `the states of customers are in ${plural(count, "shard")}, not in ${declared}; nothing is applied; set shards: ${count}, or run npm run reshard -- --to ${declared}`;
}
