import { changesAnything, effective, isRemoval, plan } from "../../terraform/plan.ts";
import type { TerraformRuns } from "../../terraform/terraform-runs.ts";
import { applyPlan, type Progress } from "../apply/apply-plan.ts";
import { hashOfFile } from "../saved-plan/plan-file.ts";
import { agreementOf, beyond, beyondAgreement } from "../saved-plan/agreement.ts";
import { planDeployment, type StackPlan } from "../plan/planning.ts";

/**
 * Applies the plans of a realm's stacks. Client scopes that are added come before the customers that use them, and client scopes that are
 * removed go after them. Shards are applied side by side. One that fails stops no other, but nothing is removed from the realm then.
 *
 * @throws ExplainedError with what is applied and what is not, for each stack that failed
 */
export async function applyStacks(
  runs: TerraformRuns,
  plans: readonly StackPlan[],
  progress: Progress,
): Promise<void> {
  const changing = plans.filter(({ planned }) => changesAnything(planned.changes));
  const realm = changing.find(({ run }) => run === runs.realm);
  const shards = changing.filter(({ run }) => run !== runs.realm);
  const applyOne = (stack: StackPlan) => applyPlan(stack, progress);
  const applyShards = () => runs.each(shards, applyOne, "apply");
  const inRealm = effective(realm?.planned.changes ?? []);
  const removed = inRealm.filter(({ change }) => isRemoval(change.actions));
  if (realm && removed.length > 0 && shards.length > 0) {
    if (removed.length < inRealm.length) await applyOne(await withoutRemovals(realm));
    await applyShards();
    await applyOne(await planRest(realm, progress.interrupted));
  } else {
    if (realm) await applyOne(realm);
    await applyShards();
  }
}

/** Plans the same changes of the realm's stack, except the removals. */
async function withoutRemovals({ run, planned }: StackPlan): Promise<StackPlan> {
  const targets = planned.changes
    .filter(({ change }) => !isRemoval(change.actions))
    .map(({ address }) => address);
  const changes = await plan(run.workspace, run.planFile, targets);
  return agreed(
    { run, planned: { changes, adopted: planned.adopted }, hash: await hashOfFile(run.planFile) },
    planned,
  );
}

/** Plans what is left of the realm's stack. */
async function planRest({ run, planned }: StackPlan, interrupted: AbortSignal): Promise<StackPlan> {
  return agreed(await planDeployment({ run }, interrupted), planned);
}

/** @throws RefusedError if a plan goes beyond the one that was shown */
function agreed(now: StackPlan, shown: StackPlan["planned"]): StackPlan {
  const more = beyond(now.planned, agreementOf(shown));
  if (more.length === 0) return now;
  throw beyondAgreement(more);
}
