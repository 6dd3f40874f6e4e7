import { shardOfEntry } from "../../../constructs/shards/shard-of.ts";
import type { Environment } from "../../../configuration/environment.ts";
import { changedCustomers } from "../../review/base/changed-customers.ts";
import type { Base } from "../../review/base/git/git.ts";
import { readWorkTree, type WorkTree } from "../../review/base/git/work-tree.ts";

/** The shards that a plan works on. */
export interface Scope {
  /** The numbers of the shards; undefined for all. */
  readonly only: readonly number[] | undefined;
  /** The reason, for a message; undefined if there is nothing to say. */
  readonly reason: string | undefined;
  /** The work tree that was compared with the base, if one was. */
  readonly tree?: WorkTree;
}

const everyShard: Scope = { only: undefined, reason: undefined };

/**
 * The shards in which a customer was added, changed or removed since a base, or has lost its access by the end of its last day.
 *
 * @param base the commit that is compared with; undefined for every shard
 * @throws UsageError if Git does not have the environment's files
 */
export async function scopeSince(base: Base | undefined, environment: Environment): Promise<Scope> {
  const { count } = environment.shards;
  if (count === 1 || !base) return everyShard;
  const tree = await readWorkTree(environment);
  const found = await changedCustomers(base, environment, tree);
  if (typeof found === "string")
    return { only: undefined, reason: `${found} since the base`, tree };
  const only = new Set(
    [...found.changed, ...found.ended].map(([id, entry]) => shardOfEntry(id, entry, count)),
  );
  return {
    only: [...only].sort((a, b) => a - b),
    reason:
      "no other shard has a customer that has changed since the base, or whose access has ended since",
    tree,
  };
}

/** Whether a customer's entry is in the shards of a scope. */
export function isInScope(
  { only }: Scope,
  id: string,
  entry: { readonly renamedFrom?: unknown },
  shards: number,
): boolean {
  return only === undefined || only.includes(shardOfEntry(id, entry, shards));
}
