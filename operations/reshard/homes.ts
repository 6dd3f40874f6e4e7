import type { Homes } from "./moves.ts";
import { stackName } from "../terraform/target.ts";
import type { SynthesizedFolderOfStack } from "../terraform/synthesis/synthesize.ts";

/** A stack, as far as it tells where resources belong. */
type Stack = Pick<SynthesizedFolderOfStack, "shard" | "addresses">;

/**
 * Where the resources of customers belong with a number of shards.
 *
 * @param stacks the stacks of a number of shards
 * @param widest the stacks of the largest number of shards, in whose shards is nothing but customers
 */
export function homes(stacks: readonly Stack[], widest: readonly Stack[]): Homes {
  const ofCustomers = new Set(
    widest.flatMap(({ shard, addresses }) => (shard === undefined ? [] : addresses)),
  );
  return new Map(
    stacks.flatMap(({ shard, addresses }) =>
      addresses
        .filter((address) => ofCustomers.has(address))
        .map((address) => [address, stackName(shard)] as const),
    ),
  );
}
