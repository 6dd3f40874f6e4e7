import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from "jose";
import type { Customer } from "../../constructs/declaration.ts";
import { jsonAnswer } from "./json-answer.ts";
import { requestOptions } from "./login/request-options.ts";

/** Input for a token request of a customer's app. */
export interface TokenRequest {
  /** The realm's issuer, as in the token's `iss`; see {@link issuerOf}. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /**
   * Scopes to request.
   * @default none: the token has all default scopes of the client
   */
  readonly scope?: string;
}

/** The realm's issuer: the `iss` of its tokens, and the beginning of its endpoints' addresses. */
export function issuerOf(baseUrl: string, realm: string): string {
  return `${baseUrl}/realms/${realm}`;
}

/** The realm's token endpoint. */
export function tokenEndpoint(issuer: string): string {
  return `${issuer}/protocol/openid-connect/token`;
}

/**
 * Requests a token as a customer's app does: `grant_type=client_credentials`, form-encoded, with HTTP Basic.
 *
 * @returns the access token, or Keycloak's error code (`unauthorized_client`), or the HTTP status of an answer that has none
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function requestToken(
  request: TokenRequest,
): Promise<{ token: string } | { error: string }> {
  const { issuer, clientId, clientSecret, scope } = request;
  const credentials = [clientId, clientSecret].map(encodeURIComponent).join(":");
  const response = await fetch(tokenEndpoint(issuer), {
    ...requestOptions(),
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      ...(scope !== undefined && { scope }),
    }),
  });
  const { access_token: token, error } = (await jsonAnswer(response)) ?? {};
  if (typeof token === "string") return { token };
  return { error: typeof error === "string" ? error : `HTTP ${response.status}` };
}

/** The claims that a token must have. */
export interface ExpectedToken {
  readonly issuer: string;
  readonly clientId: string;
  /** The APIs: exactly the values of `aud`. */
  readonly audiences: readonly string[];
  /** The permissions: exactly the values of `scope`. */
  readonly permissions: readonly string[];
}

/** The token that a customer is to get. */
export function expectedToken(
  issuer: string,
  clientId: string,
  { access }: Pick<Customer, "access">,
): ExpectedToken {
  return {
    ...{ issuer, clientId },
    audiences: Object.keys(access),
    permissions: Object.values(access).flat(),
  };
}

/** Public keys that verify a realm's tokens. */
export type RealmKeys = ReturnType<typeof createRemoteJWKSet>;

/** The realm's public keys. They are fetched at the first use, and kept as long as this value. */
export function realmKeys(issuer: string): RealmKeys {
  return createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`));
}

/**
 * Verifies an access token that was just issued as an API does: signature by the realm's keys, `iss`, `exp`, `aud`, `azp` and `scope`.
 *
 * @returns the problems, none if the token is valid
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export async function tokenProblems(
  token: string,
  expected: ExpectedToken,
  keys: RealmKeys,
): Promise<string[]> {
  const { issuer } = expected;
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, requiredClaims: ["exp", "aud"] });
    return payloadProblems(payload, expected);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [`${message}${clockDifference(token)}`];
  }
}

/** Problems of a token's `iss`, `aud`, `azp` and `scope`; none if they are as expected. */
export function payloadProblems(
  claims: JWTPayload,
  { issuer, clientId, audiences, permissions }: ExpectedToken,
): string[] {
  return [
    ...claimProblems("iss", [String(claims.iss)], [issuer]),
    ...claimProblems("aud", [claims.aud ?? []].flat(), audiences),
    ...claimProblems("azp", [String(claims.azp)], [clientId]),
    ...claimProblems(
      "scope",
      (typeof claims.scope === "string" ? claims.scope : "").split(" ").filter(Boolean),
      permissions,
    ),
  ];
}

/** Problem of a claim that has other values than it should, in any order; none if it has the same. */
export function claimProblems(
  claim: string,
  found: readonly string[],
  wanted: readonly string[],
): string[] {
  return [...found].sort().join(" ") === [...wanted].sort().join(" ")
    ? []
    : [`${claim} is "${found.join(" ")}" and should be "${wanted.join(" ")}"`];
}

const allowedSeconds = 60;

/** Hint that names clocks that differ, by a token that was just issued; otherwise an empty text. */
function clockDifference(token: string): string {
  const ahead = Math.round(Date.now() / 1_000 - issuedAt(token));
  if (!(Math.abs(ahead) > allowedSeconds)) return "";
  const relation = ahead > 0 ? "ahead of" : "behind";
  return `; this machine's clock is ${Math.abs(ahead)} s ${relation} Keycloak's: set both clocks`;
}

/** The time at which a token was issued, in seconds since 1970; NaN if it has no such time. */
function issuedAt(token: string): number {
  try {
    return decodeJwt(token).iat ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
}
