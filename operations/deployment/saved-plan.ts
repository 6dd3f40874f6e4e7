import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import type { Planned } from "../terraform/plan.ts";
import { type StateVersion, stateVersion } from "../terraform/state.ts";
import { outdir, type Synthesis } from "../terraform/synthesize.ts";
import type { Workspace } from "../terraform/terraform.ts";
import { RefusedError, UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** Folder of the plan that `npm run plan` saves and `npm run deploy` applies. */
const folder = resolve(outdir, "plan");

/** Terraform's file of the plan. */
export const planFile = resolve(folder, "terraform.tfplan");

const noteFile = resolve(folder, "plan.json");

/** Origin of a plan. The plan is valid only as long as its origin is the same. */
export interface PlanOrigin {
  /** The environment's name. */
  readonly environment: string;
  readonly commit: string;
  /** Hash of what was synthesized. */
  readonly declaration: string;
  /** The state's version; null if there was no state. */
  readonly state: StateVersion | null;
}

/** A plan to be applied later. */
export interface SavedPlan extends PlanOrigin {
  /** See {@link Planned}. */
  readonly adopted: readonly string[];
}

const noteSchema = z.object({
  version: z.literal(1),
  environment: z.string(),
  commit: z.string(),
  declaration: z.string(),
  state: z.object({ lineage: z.string(), serial: z.int() }).nullable(),
  adopted: z.array(z.string()),
});

/** The origin of a plan that would be made now. */
export async function originNow(
  environment: string,
  commit: string,
  synthesis: Synthesis,
  workspace: Workspace,
): Promise<PlanOrigin> {
  const { declaration, resources, moved, surroundings } = synthesis;
  const text = JSON.stringify({ declaration, resources, moved, surroundings });
  return {
    environment,
    commit,
    declaration: `sha256:${createHash("sha256").update(text).digest("hex")}`,
    state: await stateVersion(workspace),
  };
}

/** Prepares the folder for a new plan, and removes an older plan. */
export async function newPlanFolder(): Promise<void> {
  await forgetPlan();
  await mkdir(folder, { recursive: true });
}

/** Completes a saved plan: terraform's file counts only together with its origin. */
export async function keepPlan(plan: SavedPlan): Promise<void> {
  await writeFile(noteFile, `${JSON.stringify({ version: 1, ...plan }, null, 2)}\n`);
}

/** Removes the saved plan, if there is one. */
export async function forgetPlan(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/**
 * The saved plan; undefined if there is none.
 *
 * @throws RefusedError if its file is damaged
 */
export async function savedPlan(): Promise<SavedPlan | undefined> {
  const text = await readFile(noteFile, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    throw new RefusedError(`${noteFile} is damaged; npm run plan makes a new plan`);
  }
}

/**
 * Refuses to save a plan that imports clients in use: it would contain their secrets until it is applied.
 *
 * @throws RefusedError with their ids
 */
export function refuseSecrets({ adopted }: Planned): void {
  if (adopted.length === 0) return;
  const ids = adopted.map((id) => quoted(id)).join(", ");
  throw new RefusedError(
    `a saved plan would contain the secrets of the clients that it imports: ${ids}; nothing is saved; npm run deploy plans and applies in one run`,
  );
}

/**
 * Refuses a plan that was made from something else.
 *
 * @throws UsageError if it was made for another environment
 * @throws RefusedError with everything that has changed since
 */
export function refuseStale(saved: PlanOrigin, now: PlanOrigin): void {
  if (saved.environment !== now.environment) {
    const mismatch = `the saved plan is for the environment ${quoted(saved.environment)}, but REALM_ENV is ${quoted(now.environment)}`;
    throw new UsageError(`${mismatch}; npm run plan makes a new plan`);
  }
  const reasons = [
    ...(saved.commit === now.commit
      ? []
      : [`commit: planned at ${saved.commit.slice(0, 7)}, HEAD is ${now.commit.slice(0, 7)}`]),
    ...(saved.declaration === now.declaration
      ? []
      : ["declaration: it has changed since it was planned"]),
    ...(JSON.stringify(saved.state) === JSON.stringify(now.state)
      ? []
      : [`state: planned on ${stateText(saved.state)}, now it is ${stateText(now.state)}`]),
  ];
  if (reasons.length === 0) return;
  throw new RefusedError(
    `the saved plan is stale, nothing is applied:\n${reasons.map((reason) => `  ${reason}`).join("\n")}\nnpm run plan makes a new plan`,
  );
}

function stateText(state: StateVersion | null): string {
  return state === null ? "none" : `serial ${state.serial} of ${state.lineage}`;
}
