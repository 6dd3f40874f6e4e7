import { ExplainedError, isTransient, UnavailableError } from "../../text/errors.ts";
import { adminClient } from "../keycloak/admin.ts";
import { awaitLogin } from "../keycloak/await-login.ts";
import { Existing } from "../keycloak/existing.ts";
import { requestFailure } from "../keycloak/failures.ts";
import type { Planned } from "../terraform/plan.ts";
import { storeErroredState, untaintAll } from "../terraform/state.ts";
import type { TerraformRun } from "../terraform/terraform-run.ts";
import { planAdopting } from "./adoption.ts";

/** Number of attempts at something that is safe to repeat. */
export const attempts = 3;

/**
 * Plans a deployment. A plan changes nothing, so it is tried again if Keycloak is unavailable for a moment.
 *
 * @param file file that terraform saves the plan in
 * @throws UnavailableError if Keycloak stays unavailable
 * @throws ExplainedError with terraform's output if it cannot plan
 */
export async function planDeployment(
  { workspace, login }: TerraformRun,
  realm: string,
  file: string,
  interrupted: AbortSignal,
): Promise<Planned> {
  if (await storeErroredState(workspace))
    console.error("stored the state that an earlier deploy could not store");
  for (const address of await untaintAll(workspace))
    console.error(`kept although an earlier deploy failed after creating it: ${address}`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const existing = new Existing(await adminClient(login), realm);
      return await planAdopting(workspace, file, existing);
    } catch (error) {
      const failure = error instanceof ExplainedError ? error : requestFailure(error);
      if (!isTransient(failure)) throw error;
      if (attempt === attempts) throw new UnavailableError(failure.message);
      console.error("Keycloak does not answer as expected; planning again …");
      await awaitLogin(login, interrupted);
    }
  }
}
