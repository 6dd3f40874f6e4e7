import { ExplainedError, isTransient, UnavailableError } from "../../../text/errors.ts";
import { adminClient } from "../../keycloak/login/admin.ts";
import { awaitLogin } from "../../keycloak/login/await-login.ts";
import { Existing } from "../../keycloak/existing/existing.ts";
import { requestFailure } from "../../keycloak/failures.ts";
import { missingEvents } from "../../keycloak/deployer/stored-events.ts";
import type { Planned } from "../../terraform/plan.ts";
import type { TerraformRun } from "../../terraform/terraform-run.ts";
import { hashOfFile } from "../saved-plan/plan-file.ts";
import { adoptedEntities } from "./adoption.ts";
import { planImporting } from "./importing.ts";

/** What to plan of a stack. */
export interface StackToPlan {
  readonly run: TerraformRun;
  /** The addresses of the resources; undefined for all. */
  readonly targets?: readonly string[] | undefined;
}

/** The plan of a stack, in the file of its run. */
export interface StackPlan extends StackToPlan {
  readonly planned: Planned;
  /** Hash of terraform's file. */
  readonly hash: string;
}

/** Number of attempts at something that is safe to repeat. */
export const attempts = 3;

/**
 * Plans a deployment, into the run's own file. A plan changes nothing, so it is tried again if Keycloak is unavailable for a moment.
 *
 * @throws UnavailableError if Keycloak stays unavailable
 * @throws ExplainedError with terraform's output if it cannot plan
 */
export async function planDeployment(
  { run, targets }: StackToPlan,
  interrupted: AbortSignal,
): Promise<StackPlan> {
  const { login } = run.target;
  const { realm, existing: isExisting = false } = run.head.declaration;
  for (let attempt = 1; ; attempt += 1) {
    interrupted.throwIfAborted();
    try {
      const admin = await adminClient(login);
      const existing = new Existing(admin, realm);
      const changes = await planImporting(run.workspace, run.planFile, { existing, targets });
      const adopted = await adoptedEntities(run, changes);
      // a managed realm stores them
      const advice =
        isExisting && adopted.length > 0 ? await missingEvents(admin, realm) : undefined;
      if (advice !== undefined) console.error(advice);
      const hash = await hashOfFile(run.planFile);
      return { run, targets, planned: { changes, adopted }, hash };
    } catch (error) {
      const failure = error instanceof ExplainedError ? error : requestFailure(error);
      if (!isTransient(failure)) throw error;
      if (attempt === attempts) throw new UnavailableError(failure.message);
      console.error("Keycloak does not answer as expected; planning again …");
      await awaitLogin(login, interrupted);
    }
  }
}
