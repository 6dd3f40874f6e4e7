import { setTimeout as sleep } from "node:timers/promises";
import { isTransient } from "../../../text/errors.ts";
import { adminClient, type Login } from "./admin.ts";
import { forgetTokens } from "./credentials-session.ts";
import { requestFailure } from "../failures.ts";

/** Time limit for a Keycloak that is unavailable, in seconds. */
const longest = 60;

/**
 * Waits until Keycloak accepts a login that it accepted before.
 *
 * @throws UnavailableError if it does not within 60 s, or refuses the login
 */
export async function awaitLogin(login: Login, interrupted: AbortSignal): Promise<void> {
  const end = Date.now() + longest * 1_000;
  for (;;) {
    forgetTokens();
    try {
      const admin = await adminClient(login);
      // a token of another issuer works once, so it may have asked nobody
      if (login.session) await admin.realms.findOne({ realm: login.realm }).catch(explain);
      return;
    } catch (error) {
      if (!isTransient(error) || Date.now() > end) throw error;
    }
    await sleep(1_000, undefined, { signal: interrupted });
  }
}

function explain(error: unknown): never {
  throw requestFailure(error) ?? error;
}
