import { createHash } from "node:crypto";
import { z } from "zod";
import { stateVersion } from "../../terraform/state/state.ts";
import type { TerraformRun } from "../../terraform/terraform-run.ts";
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
  /** The state's version; null if there was no state. */
  state: z.object({ lineage: z.string(), serial: z.int() }).nullable(),
});

/** Origin of a plan. The plan is valid only as long as its origin is the same. */
export type PlanOrigin = z.infer<typeof originSchema>;

/** The origin of a plan that would be made now. */
export async function originNow(
  environment: string,
  commit: string,
  { head, program, provider, workspace }: TerraformRun,
): Promise<PlanOrigin> {
  // all that was synthesized, wherever that was done
  const declared = JSON.stringify({ ...head, folder: undefined });
  const hash = createHash("sha256").update(declared).digest("hex");
  const state = await stateVersion(workspace);
  return { environment, commit, declaration: `sha256:${hash}`, program, provider, state };
}

/**
 * Refuses a plan that was made from something else. A state that has only been written since is no reason: see {@link isSameState}.
 *
 * @throws UsageError if it was made for another environment
 * @throws RefusedError with everything that has changed since
 */
export function refuseStale(saved: PlanOrigin, now: PlanOrigin): void {
  if (saved.environment !== now.environment) {
    const mismatch = `the saved plan is for the environment ${quoted(saved.environment)}, but REALM_ENV is ${quoted(now.environment)}`;
    throw new UsageError(`${mismatch}; npm run plan makes a new plan`);
  }
  const lineage = saved.state?.lineage;
  const isSameLineage = lineage === undefined || lineage === now.state?.lineage;
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
    ...(isSameLineage
      ? []
      : [`state: planned on ${lineage}, now it is ${now.state?.lineage ?? "none"}`]),
  ];
  if (reasons.length > 0) throw stale(reasons);
}

/** Whether nothing has written the state since a plan was made on it. */
export function isSameState(saved: PlanOrigin, now: PlanOrigin): boolean {
  return saved.state?.serial === now.state?.serial;
}

/** The error of a saved plan that cannot be applied any more. */
export function stale(reasons: readonly string[]): RefusedError {
  const lines = reasons.map((reason) => `  ${reason}`);
  const problem = "the saved plan is stale; nothing is applied:";
  return new RefusedError([problem, ...lines, "npm run plan makes a new plan"].join("\n"));
}
