import type { Planned } from "../../terraform/plan.ts";
import type { TerraformRun } from "../../terraform/terraform-run.ts";
import type { TerraformRuns } from "../../terraform/terraform-runs.ts";
import { refuseMisplacedCustomers } from "./misplaced.ts";
import { planDeployment } from "../plan/planning.ts";
import { hashOfFile } from "../saved-plan/plan-file.ts";

/** The plan of one stack, in the file of its run. */
export interface StackPlan {
  readonly run: TerraformRun;
  readonly planned: Planned;
  /** Hash of terraform's file. */
  readonly hash: string;
}

/**
 * Plans stacks.
 *
 * @throws RefusedError if customers are in the states of other shards than declared
 * @throws ExplainedError with the error of each stack that cannot be planned
 */
export async function planStacks(
  runs: TerraformRuns,
  stacks: readonly { readonly run: TerraformRun }[],
  interrupted: AbortSignal,
): Promise<readonly StackPlan[]> {
  const plans = await runs.each(stacks, ({ run }) => planStack(run, interrupted), "plan");
  await refuseMisplacedCustomers(runs, plans);
  return plans;
}

/** Plans one stack. */
export async function planStack(run: TerraformRun, interrupted: AbortSignal): Promise<StackPlan> {
  const planned = await planDeployment(run, interrupted);
  return { run, planned, hash: await hashOfFile(run.planFile) };
}

/** The plans of several stacks as one. */
export function asOnePlan(plans: readonly { readonly planned: Planned }[]): Planned {
  return {
    changes: plans.flatMap(({ planned }) => planned.changes),
    adopted: plans.flatMap(({ planned }) => planned.adopted),
  };
}
