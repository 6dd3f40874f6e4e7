import { existsSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError, FailedError, UnavailableError } from "../../text/errors.ts";
import { awaitLogin } from "../keycloak/await-login.ts";
import { apply, type ApplyProblem } from "../terraform/apply.ts";
import { effective, type Planned, type ResourceChange } from "../terraform/plan.ts";
import { errored } from "../terraform/state.ts";
import type { TerraformRun } from "../terraform/terraform-run.ts";
import { forgetImports } from "./adoption.ts";
import { attempts, planDeployment } from "./planning.ts";

/** Interruption and progress reports of an apply. */
export interface Progress {
  /** Stops the apply gracefully. */
  readonly interrupted: AbortSignal;
  /** Called for each resource when it is done. */
  readonly onDone: (address: string, action: string) => void;
}

/**
 * Applies a plan. If Keycloak is unavailable for a moment, it plans again and applies what is left of the plan, and nothing else.
 *
 * @param file terraform's file of the plan
 * @throws ExplainedError with what is applied and what is not; UnavailableError if Keycloak stays unavailable
 */
export async function applyPlan(
  run: TerraformRun,
  realm: string,
  planned: Planned,
  file: string,
  progress: Progress,
): Promise<void> {
  const { interrupted } = progress;
  const agreed = effective(planned.changes);
  const done = new Set<string>();
  const onDone = (address: string, action: string) => {
    done.add(address);
    progress.onDone(address, action);
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const problems = await apply(run.workspace, file, { interrupted, onDone });
      if (problems.length === 0) return;
      const failed = (more: readonly ApplyProblem[] = []) =>
        failure(agreed, done, [...problems, ...more], run);
      const isTransient = problems.some((problem) => problem.isTransient);
      if (interrupted.aborted || attempt === attempts || !isTransient) throw failed();
      console.error("Keycloak does not answer as expected; trying the rest of the plan again …");
      const rest = await planRest(run, realm, file, interrupted).catch((error: unknown) => {
        const { message } = error instanceof Error ? error : { message: String(error) };
        throw failed([{ message, isTransient }]);
      });
      if (!isWithin(rest, planned)) throw failed();
      if (effective(rest.changes).length === 0) return;
    }
  } finally {
    await forgetImports(run.workspace);
  }
}

async function planRest(
  run: TerraformRun,
  realm: string,
  file: string,
  interrupted: AbortSignal,
): Promise<Planned> {
  await awaitLogin(run.login, interrupted);
  return planDeployment(run, realm, file, interrupted);
}

/** Whether a plan contains nothing that was not agreed to. */
function isWithin(rest: Planned, agreed: Planned): boolean {
  const addresses = new Set(effective(agreed.changes).map(({ address }) => address));
  return (
    effective(rest.changes).every(({ address }) => addresses.has(address)) &&
    rest.adopted.every((id) => agreed.adopted.includes(id))
  );
}

function failure(
  agreed: readonly ResourceChange[],
  done: ReadonlySet<string>,
  problems: readonly ApplyProblem[],
  { workspace }: TerraformRun,
): ExplainedError {
  const listed = (changes: readonly ResourceChange[]) =>
    changes.length === 0
      ? ["  nothing"]
      : changes.map(({ address, change }) => `  ${change.actions.join(" and ")} ${address}`);
  const stateFile = join(workspace.folder, errored);
  const advice = existsSync(stateFile)
    ? `terraform could not store its state and left it in ${stateFile}: keep that file; npm run deploy in this folder stores it first`
    : "npm run deploy completes it";
  const message = [
    "the deploy is not complete:",
    ...problems.map((problem) => `  ${problem.message}`),
    "applied:",
    ...listed(agreed.filter(({ address }) => done.has(address))),
    "not applied:",
    ...listed(agreed.filter(({ address }) => !done.has(address))),
    advice,
  ].join("\n");
  return problems.some(({ isTransient }) => isTransient)
    ? new UnavailableError(message, { isTransient: true })
    : new FailedError(message);
}
