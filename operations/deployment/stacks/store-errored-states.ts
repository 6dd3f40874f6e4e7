import { existsSync } from "node:fs";
import { storeErroredState } from "../../terraform/state/errored-state.ts";
import type { TerraformRuns } from "../../terraform/terraform-runs.ts";

/**
 * Stores the states of all stacks that an earlier apply could not store.
 *
 * @returns whether there were any
 * @throws RefusedError if one does not fit the stored state
 */
export async function storeErroredStates(
  runs: TerraformRuns,
  interrupted: AbortSignal,
): Promise<boolean> {
  const some = runs.all.filter(({ run }) => existsSync(run.target.erroredState));
  const stored = await runs.each(some, ({ run }) => storeErroredState(run, interrupted));
  return stored.includes(true);
}
