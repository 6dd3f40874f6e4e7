import type { NetworkError } from "@keycloak/keycloak-admin-client";
import { ProviderError } from "../protocol/diagnostics.ts";
import type { Json } from "./json.ts";
import { noResponse } from "./no-response.ts";

/** Keycloak refuses a request. */
export class KeycloakError extends ProviderError {
  /** The HTTP status of the response. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Whether Keycloak reports that the resource does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KeycloakError && error.status === 404;
}

/** The error for a refused request, as in `POST /admin/realms`. */
export function requestRefused(request: string, error: NetworkError): KeycloakError {
  return new KeycloakError(
    `Keycloak refused ${request}: ${describeResponse(error)}`,
    error.response.status,
  );
}

/** The error for a refused login; `identity` names the client or the user. */
export function loginRefused(url: string, identity: string, error: NetworkError): KeycloakError {
  return new KeycloakError(
    `Keycloak at ${url} refused the login of ${identity}: ${describeResponse(error)}`,
    error.response.status,
  );
}

/** The error for a request that got no response; a {@link ProviderError} is returned as it is. */
export function unreachable(url: string, error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const reason = error instanceof Error ? describeCause(error) : String(error);
  return new ProviderError(`Keycloak at ${url} ${noResponse}: ${reason}`);
}

function describeResponse({ response, responseData }: NetworkError): string {
  const status = `${response.status} ${response.statusText}`.trim();
  const data = (typeof responseData === "object" ? responseData : null) as Json | null;
  const reason = data?.errorMessage ?? data?.error_description ?? data?.error;
  return typeof reason === "string" ? `${status}: ${reason}` : status;
}

function describeCause({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  return cause.message || ("code" in cause ? String(cause.code) : message);
}
