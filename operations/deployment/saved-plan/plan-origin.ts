import { createHash } from "node:crypto";
import { z } from "zod";
import { stateVersion } from "../../terraform/state/state.ts";
import type { TerraformRuns } from "../../terraform/terraform-runs.ts";
import { RefusedError, UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";

/** Schema of a {@link PlanOrigin}. */
export const originSchema = z.object({
  /** The environment's name. */
  environment: z.string(),
  commit: z.string(),
  /** Hash of what was synthesized. */
  declaration: z.string(),
  /** Terraform or OpenTofu, with its version. Neither applies the other's plan. */
  program: z.string(),
  /** The provider that planned, with its version. */
  provider: z.string(),
  /** The version of each stack's state; null if there was no state. */
  states: z.record(z.string(), z.object({ lineage: z.string(), serial: z.int() }).nullable()),
});

/** Origin of a plan. The plan is valid only as long as its origin is the same. */
export type PlanOrigin = z.infer<typeof originSchema>;

/**
 * The origin of a plan that would be made now.
 *
 * @param names the names of the stacks that it changes
 */
export async function originNow(
  environment: string,
  commit: string,
  runs: TerraformRuns,
  names: readonly string[],
): Promise<PlanOrigin> {
  const { program, provider } = runs.realm;
  // all that was synthesized, wherever that was done
  const declared = JSON.stringify({ ...runs.head, stacks: undefined });
  const hash = createHash("sha256").update(declared).digest("hex");
  const some = runs.all.filter(({ run }) => names.includes(run.name));
  const states = await runs.each(some, async ({ run: { name, workspace } }) => [
    name,
    await stateVersion(workspace),
  ]);
  return {
    ...{ environment, commit, declaration: `sha256:${hash}`, program, provider },
    states: Object.fromEntries(states) as PlanOrigin["states"],
  };
}

/**
 * Refuses a plan that was made from something else. A state that has only been written since is no reason: see {@link areSameStates}.
 *
 * @throws UsageError if it was made for another environment
 * @throws RefusedError with everything that has changed since
 */
export function refuseStale(saved: PlanOrigin, now: PlanOrigin): void {
  if (saved.environment !== now.environment) {
    const mismatch = `the saved plan is for the environment ${quoted(saved.environment)}, but REALM_ENV is ${quoted(now.environment)}`;
    throw new UsageError(`${mismatch}; npm run plan makes a new plan`);
  }
  const otherStates = Object.entries(saved.states).flatMap(([name, state]) => {
    const current = now.states[name]?.lineage;
    if (state === null || state.lineage === current) return [];
    const of = Object.keys(saved.states).length > 1 ? ` of ${name}` : "";
    return [`state${of}: planned on ${state.lineage}, now it is ${current ?? "none"}`];
  });
  const reasons = [
    ...(saved.commit === now.commit
      ? []
      : [`commit: planned at ${saved.commit.slice(0, 7)}, HEAD is ${now.commit.slice(0, 7)}`]),
    ...(saved.declaration === now.declaration
      ? []
      : ["declaration: it has changed since it was planned"]),
    ...(saved.program === now.program
      ? []
      : [`program: planned with ${saved.program}, now it is ${now.program}`]),
    ...(saved.provider === now.provider
      ? []
      : [`provider: planned with ${saved.provider}, now it is ${now.provider}`]),
    ...otherStates,
  ];
  if (reasons.length > 0) throw stale(reasons);
}

/** Whether nothing has written the states since a plan was made on them. */
export function areSameStates(saved: PlanOrigin, now: PlanOrigin): boolean {
  return Object.entries(saved.states).every(
    ([name, state]) => state?.serial === now.states[name]?.serial,
  );
}

/** The error of a saved plan that cannot be applied any more. */
export function stale(reasons: readonly string[]): RefusedError {
  const lines = reasons.map((reason) => `  ${reason}`);
  const problem = "the saved plan is stale; nothing is applied:";
  return new RefusedError([problem, ...lines, "npm run plan makes a new plan"].join("\n"));
}
