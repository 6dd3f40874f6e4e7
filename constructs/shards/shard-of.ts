import { hash } from "node:crypto";

/**
 * The shard that a customer belongs to, from 1 to the number of shards. It depends on the customer's id only, and is evenly distributed. With
 * one more shard, only the customers of the new shard change theirs.
 *
 * @see https://arxiv.org/abs/1406.2294 ("A Fast, Minimal Memory, Consistent Hash Algorithm")
 */
export function shardOf(id: string, shards: number): number {
  // the first 64 bits of the hash
  let key = BigInt(`0x${hash("sha256", id).slice(0, 16)}`);
  let shard = 0;
  for (let next = 0; next < shards;) {
    shard = next;
    key = BigInt.asUintN(64, key * multiplier + 1n);
    next = Math.floor((shard + 1) * (2 ** 31 / (Number(key >> 33n) + 1)));
  }
  return shard + 1;
}

/** The shard of a customer's entry. While it is renamed, its state is in the shard of its former id. */
export function shardOfEntry(
  id: string,
  { renamedFrom }: { readonly renamedFrom?: unknown },
  shards: number,
): number {
  return shardOf(typeof renamedFrom === "string" ? renamedFrom : id, shards);
}

/** The end of the id of a shard's stack, and of the place of its state. */
export function shardSuffix(shard: number): string {
  return `customers-${shard}`;
}

/** The output of the realm's stack with the number of shards. So the realm's state tells where the states of customers are. */
export const shardsOutput = "customer_shards";

/** The multiplier of the algorithm's generator of pseudo-random numbers. */
const multiplier = 2862933555777941757n;
