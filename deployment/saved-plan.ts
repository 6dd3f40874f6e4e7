import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import type { Planned } from "../review/run.ts";
import { type StateVersion, stateVersion } from "../terraform/state.ts";
import { outdir, type Synthesis } from "../terraform/synthesize.ts";
import type { Workspace } from "../terraform/terraform.ts";
import { ExplainedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";

/** Where `npm run plan` keeps what `npm run deploy` applies, below the folder of the synthesized declaration. */
const folder = resolve(outdir, "plan");

/** Terraform's own file. */
export const planFile = resolve(folder, "terraform.tfplan");

const noteFile = resolve(folder, "plan.json");

/** What a plan was made of; it holds for nothing else. */
export interface PlanOrigin {
  /** The environment's name. */
  readonly environment: string;
  readonly commit: string;
  /** The hash of what is synthesized: whatever it is made of, it is the same declaration. */
  readonly declaration: string;
  /** The state that it was made on; null for none. */
  readonly state: StateVersion | null;
}

/** A plan that waits to be applied. */
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

/** What a plan that is made now would be made of. */
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

/** Makes room for a new plan; an older one is gone from here on. */
export async function newPlanFolder(): Promise<void> {
  await forgetPlan();
  await mkdir(folder, { recursive: true });
}

/** Completes a saved plan: without its origin, terraform's file is no plan of ours. */
export async function keepPlan(plan: SavedPlan): Promise<void> {
  await writeFile(noteFile, `${JSON.stringify({ version: 1, ...plan }, null, 2)}\n`);
}

/** Removes the saved plan, if there is one. */
export async function forgetPlan(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/**
 * What the saved plan was made of, or undefined if none is saved.
 *
 * @throws ExplainedError (1) if what is there is no plan
 */
export async function savedPlan(): Promise<SavedPlan | undefined> {
  const text = await readFile(noteFile, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    throw new ExplainedError(1, `${noteFile} is damaged; npm run plan makes a new plan`);
  }
}

/**
 * Refuses to keep a plan that takes over clients in use: it holds the secrets that they have until it is applied.
 *
 * @throws ExplainedError (1) with their ids
 */
export function refuseSecrets({ adopted }: Planned): void {
  if (adopted.length === 0) return;
  const ids = adopted.map((id) => quoted(id)).join(", ");
  throw new ExplainedError(
    1,
    `a saved plan would hold the secrets of the clients that it takes over: ${ids}; nothing is saved, npm run deploy plans and applies in one`,
  );
}

/**
 * Refuses a plan that was made of something else.
 *
 * @throws ExplainedError (1) with everything that is another now
 */
export function refuseStale(saved: PlanOrigin, now: PlanOrigin): void {
  if (saved.environment !== now.environment) {
    const words = `the saved plan is for the environment ${quoted(saved.environment)}, and REALM_ENV says ${quoted(now.environment)}`;
    throw new ExplainedError(2, `${words}; npm run plan makes one for it`);
  }
  const reasons = [
    ...(saved.commit === now.commit
      ? []
      : [`commit: made at ${saved.commit.slice(0, 7)}, HEAD is ${now.commit.slice(0, 7)}`]),
    ...(saved.declaration === now.declaration
      ? []
      : ["declaration: what is declared is no longer what was planned"]),
    ...(JSON.stringify(saved.state) === JSON.stringify(now.state)
      ? []
      : [`state: made on ${stateText(saved.state)}, now it is ${stateText(now.state)}`]),
  ];
  if (reasons.length === 0) return;
  throw new ExplainedError(
    1,
    `the saved plan is stale, nothing is applied:\n${reasons.map((reason) => `  ${reason}`).join("\n")}\nnpm run plan makes a new one`,
  );
}

function stateText(state: StateVersion | null): string {
  return state === null ? "none" : `serial ${state.serial} of ${state.lineage}`;
}
