import type { Planned } from "../../terraform/plan.ts";
import type { TerraformRuns } from "../../terraform/terraform-runs.ts";
import { refuseMisplacedCustomers } from "./misplaced.ts";
import { planDeployment, type StackPlan, type StackToPlan } from "../plan/planning.ts";

/**
 * Plans stacks.
 *
 * @throws RefusedError if customers are in the states of other shards than declared
 * @throws ExplainedError with the error of each stack that cannot be planned
 */
export async function planStacks(
  runs: TerraformRuns,
  stacks: readonly StackToPlan[],
  interrupted: AbortSignal,
): Promise<readonly StackPlan[]> {
  const plans = await runs.each(stacks, (stack) => planDeployment(stack, interrupted), "plan");
  await refuseMisplacedCustomers(runs, plans);
  return plans;
}

/** The plans of several stacks as one. */
export function asOnePlan(plans: readonly { readonly planned: Planned }[]): Planned {
  return {
    changes: plans.flatMap(({ planned }) => planned.changes),
    adopted: plans.flatMap(({ planned }) => planned.adopted),
  };
}
