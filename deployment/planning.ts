import { adminClient } from "../keycloak/admin.ts";
import { Existing } from "../keycloak/existing.ts";
import { awaitLogin, failedRequest, mayPass } from "../keycloak/patience.ts";
import type { Session } from "../local/session.ts";
import type { Planned } from "../review/run.ts";
import { storeErroredState, untaintAll } from "../terraform/state.ts";
import { ExplainedError } from "../text/errors.ts";
import { planAdopting } from "./adoption.ts";

/** How often something that is safe to do again is done before it counts as failed. */
export const attempts = 3;

/**
 * Plans a deploy. A plan changes nothing, so it is made again where Keycloak is away for a moment.
 *
 * @param file where the plan goes
 * @throws ExplainedError with terraform's own words if it cannot plan (1) or Keycloak stays away (3)
 */
export async function makePlan(
  { workspace, login }: Session,
  realm: string,
  file: string,
  interrupted: AbortSignal,
): Promise<Planned> {
  if (await storeErroredState(workspace))
    console.error("the state that an earlier deploy could not store is stored now");
  for (const address of await untaintAll(workspace))
    console.error(`kept, though an earlier deploy failed after it had created it: ${address}`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const existing = new Existing(await adminClient(login), realm);
      return await planAdopting(workspace, file, existing);
    } catch (error) {
      const words = error instanceof ExplainedError ? error.message : failedRequest(error);
      if (words === undefined || !mayPass(words)) throw error;
      if (attempt === attempts) throw new ExplainedError(3, words);
      console.error("Keycloak does not answer as it should; the plan is made once more …");
      await awaitLogin(login, interrupted);
    }
  }
}
