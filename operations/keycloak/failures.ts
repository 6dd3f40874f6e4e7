import { NetworkError } from "@keycloak/keycloak-admin-client";
import { type ExplainedError, RefusedError, UnavailableError } from "../../text/errors.ts";
import { visible } from "../../text/visible.ts";

/** HTTP statuses of a server, or of a proxy in front of it, that is unavailable or overloaded for a moment. */
export const transientStatuses: readonly number[] = [401, 408, 429, 502, 503, 504];

/** Whether Keycloak answers a request with HTTP 403: the identity may not do that. */
export function isForbidden(error: unknown): boolean {
  return error instanceof NetworkError && error.response.status === 403;
}

/** Whether Keycloak does not have what a request names. */
export function isNotFound(error: unknown): boolean {
  return error instanceof NetworkError && error.response.status === 404;
}

/** The explained error for a failed request to Keycloak; undefined for any other error. */
export function requestFailure(error: unknown): ExplainedError | undefined {
  if (error instanceof NetworkError) {
    const { status, url } = error.response;
    const message = `Keycloak refuses ${new URL(url).pathname} (HTTP ${status}): ${visible(error.message)}`;
    return transientStatuses.includes(status)
      ? new UnavailableError(message, { isTransient: true })
      : new RefusedError(message);
  }
  const isUnanswered =
    error instanceof Error && (error.message === "fetch failed" || error.name === "TimeoutError");
  if (!isUnanswered) return undefined;
  return new UnavailableError(`Keycloak does not answer: ${error.message}`, { isTransient: true });
}
