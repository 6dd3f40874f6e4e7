import { shardOfEntry } from "../../../constructs/shards/shard-of.ts";
import type { Environment } from "../../../configuration/environment.ts";
import { changedCustomers } from "../../review/base/changed-customers.ts";
import type { Base } from "../../review/base/git/git.ts";
import { readWorkTree, type WorkTree } from "../../review/base/git/work-tree.ts";

/** Customers, and their shards. */
export interface Selection {
  /** The numbers of the shards. */
  readonly shards: readonly number[];
  /** The ids of the customers. */
  readonly customers: readonly string[];
}

/** What a plan works on. */
export interface Scope {
  /** The customers and shards; undefined for all. */
  readonly only: Selection | undefined;
  /** The reason, for a message; undefined if there is nothing to say. */
  readonly reason: string | undefined;
  /** The work tree that was compared with the base, if one was. */
  readonly tree?: WorkTree;
}

const everything: Scope = { only: undefined, reason: undefined };

/**
 * The customers that were added, changed or removed since a base, or have lost their access by the end of their last day, and their shards.
 *
 * @param base the commit that is compared with; undefined for every customer
 * @throws UsageError if Git does not have the environment's files
 */
export async function scopeSince(base: Base | undefined, environment: Environment): Promise<Scope> {
  const { count } = environment.shards;
  if (count === 1 || !base) return everything;
  const tree = await readWorkTree(environment);
  const found = await changedCustomers(base, environment, tree);
  if (typeof found === "string")
    return { only: undefined, reason: `${found} since the base`, tree };
  const entries = [...found.changed, ...found.ended];
  const shards = new Set(entries.map(([id, entry]) => shardOfEntry(id, entry, count)));
  return {
    only: {
      shards: [...shards].sort((a, b) => a - b),
      customers: [...new Set(entries.map(([id]) => id))],
    },
    reason: "no other customer has changed since the base, or has lost its access since",
    tree,
  };
}
