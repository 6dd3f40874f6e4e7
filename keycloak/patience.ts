import { setTimeout as sleep } from "node:timers/promises";
import { NetworkError } from "@keycloak/keycloak-admin-client";
import { ExplainedError } from "../text/errors.ts";
import { adminClient, type Login, RefusedLogin } from "./admin.ts";

/** How long a Keycloak that is away is waited for, in seconds. */
const longest = 60;

/** Words of terraform's providers for what may pass by itself: Keycloak, or what stands before it, is away or overloaded. */
const passing =
  /\b(401|408|429|502|503|504)\b|does not answer|connection (refused|reset)|tim(ed |e)out|deadline exceeded|\bEOF\b|socket hang up|fetch failed|refreshing credentials/i;

/** Whether a failure may pass by itself. */
export function mayPass(words: string): boolean {
  return passing.test(words);
}

/** What came instead of an answer of Keycloak's, in words; undefined for an error that has to do with nothing of that. */
export function failedRequest(error: unknown): string | undefined {
  if (error instanceof NetworkError) {
    const { status, url } = error.response;
    return `Keycloak refuses ${new URL(url).pathname} (HTTP ${status}): ${error.message}`;
  }
  const noAnswer =
    error instanceof Error &&
    ["fetch failed", "TimeoutError"].some((words) => [error.name, error.message].includes(words));
  return noAnswer ? `Keycloak does not answer: ${error.message}` : undefined;
}

/**
 * Waits until Keycloak takes a login, which it did before.
 *
 * @throws ExplainedError (3) if it does not within 60 s, or refuses it
 */
export async function awaitLogin(login: Login, interrupted: AbortSignal): Promise<void> {
  const end = Date.now() + longest * 1_000;
  for (;;) {
    try {
      await adminClient(login);
      return;
    } catch (error) {
      const passes = error instanceof ExplainedError && !(error instanceof RefusedLogin);
      if (!passes || Date.now() > end) throw error;
    }
    await sleep(1_000, undefined, { signal: interrupted });
  }
}
