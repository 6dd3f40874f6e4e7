import type { IdTokenClaims } from "oidc-client-ts";

/** A signed-in user. */
export interface User {
  /** The `sub` of the user. It never changes, unlike the name. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

/** The tokens of a signed-in user. */
export interface Tokens {
  /** For the API only. The page never looks into it (RFC 9068, section 6). */
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  /** The claims of the ID token. */
  readonly claims: IdTokenClaims;
  /** What the access token permits, by the answer that brought it (RFC 6749, section 5.1). */
  readonly scope: string;
  /** The lifetime of the access token, in seconds. */
  readonly lifetime: number;
  /** The time at which the access token expires, by the browser's clock, in milliseconds. */
  readonly expiresAt: number;
}

/** The seconds before its expiry at which an access token is renewed; at most half of its lifetime. */
const LEAD = 30;

/** The milliseconds until tokens should be renewed. */
export function dueIn({ expiresAt, lifetime }: Tokens): number {
  return expiresAt - Date.now() - Math.min(LEAD, lifetime / 2) * 1_000;
}

/** Whether the access token has not expired. */
export function isValid({ expiresAt }: Tokens): boolean {
  return expiresAt > Date.now();
}

/** The user that the ID token names. */
export function userOf({ claims }: Tokens): User {
  const claim = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const email = claim("email");
  return {
    id: claims.sub,
    name: claim("name") ?? claim("preferred_username") ?? email ?? "Signed in",
    ...(email === undefined ? {} : { email }),
  };
}
