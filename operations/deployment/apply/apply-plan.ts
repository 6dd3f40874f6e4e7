import { isTransient, RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { awaitLogin } from "../../keycloak/login/await-login.ts";
import { requestFailure } from "../../keycloak/failures.ts";
import { apply, type ApplyProblem } from "../../terraform/apply.ts";
import {
  keepErroredState,
  lostState,
  storeErroredState,
} from "../../terraform/state/errored-state.ts";
import {
  changesAnything,
  type Planned,
  type ResourceChange,
  untaintedIn,
} from "../../terraform/plan.ts";
import { protectStateFile } from "../../terraform/state/state-file.ts";
import { untaintSince } from "../../terraform/state/state.ts";
import type { Workspace } from "../../terraform/terraform.ts";
import type { TerraformRun } from "../../terraform/terraform-run.ts";
import { agreementOf, beyond, beyondAgreement } from "../saved-plan/agreement.ts";
import { applyFailure } from "./apply-failure.ts";
import { replaceRecordedSecrets } from "./dead-secrets.ts";
import { needSameFile } from "../saved-plan/plan-file.ts";
import { attempts, planDeployment, type StackPlan } from "../plan/planning.ts";

/** Interruption and progress reports of an apply. */
export interface Progress {
  /** Stops the apply gracefully. After it, no further apply starts. */
  readonly interrupted: AbortSignal;
  /** Called for each resource when it is done. */
  readonly onDone: (address: string, action: string) => void;
  /**
   * Asks whether to apply what is left of a plan after a failure, if it goes beyond what was agreed to.
   *
   * @default it is not applied
   */
  readonly agree?: (rest: Planned) => Promise<boolean>;
  /** The command that completes the deploy after a failure, for the message. */
  readonly command: string;
}

/**
 * Applies a plan. If Keycloak is unavailable for a moment, or another deploy has changed the state since, it plans again
 * and applies what is left of the plan, and nothing else without asking.
 *
 * @throws ExplainedError with what is applied and what is not; UnavailableError if Keycloak stays unavailable
 */
export async function applyPlan(plan: StackPlan, progress: Progress): Promise<void> {
  try {
    await applyUntilDone(plan, progress);
  } finally {
    await protectStateFile(plan.run);
  }
}

async function applyUntilDone(plan: StackPlan, progress: Progress): Promise<void> {
  const { run, planned } = plan;
  const { interrupted, command } = progress;
  const done = new Set<string>();
  const onDone = (address: string, action: string) => {
    done.add(address);
    progress.onDone(address, action);
  };
  let agreed = plan;
  for (let attempt = 1; ; attempt += 1) {
    interrupted.throwIfAborted();
    await needSameFile(run.planFile, agreed.hash);
    const problems = [...(await apply(run.workspace, run.planFile, { interrupted, onDone }))];
    if (problems.length === 0) return;
    const isStale = problems.some((problem) => problem.isStale);
    // a stale plan has changed nothing
    if (!isStale) await keepState(run, untaintedIn(planned.changes), problems);
    const mayGoOn = isStale || problems.some(({ isTransient }) => isTransient);
    if (!interrupted.aborted && attempt < attempts && mayGoOn) {
      const rest = await planRest(agreed, progress, problems);
      if (rest && !changesAnything(rest.planned.changes)) return;
      agreed = rest ?? agreed;
      if (rest) continue;
    }
    const errored = lostState(run);
    await forgetSecrets(run, [...planned.changes, ...agreed.planned.changes], errored, problems);
    const failure = applyFailure({ changes: planned.changes, done, problems, errored, command });
    if (interrupted.aborted) console.error(`${nameIn(run)}${failure.message}`);
    interrupted.throwIfAborted();
    throw failure;
  }
}

/** The beginning of a message about a stack; empty if there is only one. */
function nameIn({ name, head }: TerraformRun): string {
  return head.stacks.length > 1 ? `${name}: ` : "";
}

/**
 * Keeps what a failed apply did: its state if terraform could not store it, otherwise the resources whose creation failed halfway.
 *
 * @param untainted the addresses of the plan that were not tainted before
 * @param problems receives further problems
 */
async function keepState(
  run: TerraformRun,
  untainted: ReadonlySet<string>,
  problems: ApplyProblem[],
): Promise<void> {
  await keepErroredState(run);
  if (lostState(run) !== undefined) return;
  try {
    for (const address of await untaintSince(cleanup(run), untainted))
      console.error(`kept although its creation has failed: ${address}`);
  } catch (error) {
    problems.push(problemOf(error));
  }
}

/**
 * Plans what is left.
 *
 * @param problems receives the reason if it cannot be applied
 * @returns the plan; undefined if it cannot be applied
 */
async function planRest(
  agreed: StackPlan,
  { interrupted, agree }: Progress,
  problems: ApplyProblem[],
): Promise<StackPlan | undefined> {
  const { run } = agreed;
  const reason = problems.some(({ isStale }) => isStale)
    ? "another deploy has changed the state"
    : "Keycloak does not answer as expected";
  console.error(`${reason}; trying the rest of the plan again …`);
  try {
    await awaitLogin(run.target.login, interrupted);
    await storeErroredState(run, interrupted);
    const rest = await planDeployment(agreed, interrupted);
    const more = beyond(rest.planned, agreementOf(agreed.planned));
    if (more.length === 0 || (await agree?.(rest.planned))) return rest;
    throw beyondAgreement(more);
  } catch (error) {
    problems.push(problemOf(error));
    return undefined;
  }
}

/**
 * Makes sure that no secret that the state contains is valid; see {@link replaceRecordedSecrets}.
 *
 * @param problems receives what was done, or why it could not be done
 */
async function forgetSecrets(
  run: TerraformRun,
  changes: readonly ResourceChange[],
  errored: string | undefined,
  problems: ApplyProblem[],
): Promise<void> {
  try {
    const { head, target } = run;
    const replaced = await replaceRecordedSecrets(
      { workspace: cleanup(run), head, target },
      changes,
      errored,
    );
    if (replaced.length === 0) return;
    const ids = replaced.map((id) => quoted(id)).join(", ");
    const message = `the state has the old secrets of ${ids}, so these clients have new ones, which nobody knows; complete the deploy, then hand over the new credentials`;
    problems.push({ message, isTransient: false });
  } catch (error) {
    const message = `the state has secrets of imported clients, which are valid until the deploy is completed: ${problemOf(error).message}`;
    problems.push({ message, isTransient: false });
  }
}

/** The workspace for what has to be done after an apply, also if the deploy is interrupted. */
function cleanup({ workspace }: TerraformRun): Workspace {
  return { ...workspace, isCleanup: true };
}

function problemOf(error: unknown): ApplyProblem {
  const failure = requestFailure(error) ?? error;
  const message = failure instanceof Error ? failure.message : String(failure);
  const isRefused = failure instanceof RefusedError;
  return { message, isTransient: isTransient(failure), ...(isRefused && { isRefused }) };
}
