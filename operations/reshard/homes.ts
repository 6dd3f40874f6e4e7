import type { TerraformRuns } from "../terraform/terraform-runs.ts";

/**
 * The name of the stack that each resource of a customer belongs to, by address.
 *
 * @param wide the stacks of the larger number of shards, in whose shards is nothing but customers
 * @param after the stacks of the number of shards to come
 */
export function homes(wide: TerraformRuns, after: TerraformRuns): ReadonlyMap<string, string> {
  const ofCustomers = new Set(wide.shards.flatMap(({ addresses }) => addresses));
  return new Map(
    after.all.flatMap(({ run }) =>
      run.addresses
        .filter((address) => ofCustomers.has(address))
        .map((address) => [address, run.name] as const),
    ),
  );
}
