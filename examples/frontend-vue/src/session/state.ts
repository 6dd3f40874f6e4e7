import { type MissingByPermission, missingIn } from "./permissions.ts";
import { type Tokens, type User, userOf } from "./tokens.ts";

/** The state of a session. The page shows exactly one of these. */
export type SessionState =
  | { readonly phase: "starting" }
  | { readonly phase: "signed-out" }
  | { readonly phase: "leaving"; readonly to: Action }
  | SignedIn
  | { readonly phase: "expired" }
  | Unavailable
  | Refused;

/** What the page goes to Keycloak for. `start`: to find out, without asking, whether the user is signed in. */
export type Action = "start" | "sign in" | "sign out";

/** Keycloak responded, but did not sign the user in. */
export interface Refused {
  readonly phase: "refused";
  /** The reason, in a sentence. */
  readonly reason: string;
}

/** A user is signed in, with tokens in memory. */
export interface SignedIn {
  readonly phase: "signed-in";
  readonly user: User;
  readonly missing: MissingByPermission;
  /** Whether the latest renewal could not reach Keycloak. It is retried. */
  readonly renewalFails: boolean;
}

/**
 * The state of a signed-in user.
 *
 * @param permissionsClaim the claim of the ID token with what the user's roles permit; empty if the API has no roles. Each renewal
 *   brings a new ID token, so a role that changes is seen then.
 */
export function signedIn(
  tokens: Tokens,
  permissionsClaim: string,
  renewalFails: boolean,
): SignedIn {
  const byRoles = permissionsClaim === "" ? undefined : { claim: tokens.claims[permissionsClaim] };
  return {
    phase: "signed-in",
    user: userOf(tokens),
    missing: missingIn(tokens.scope, byRoles),
    renewalFails,
  };
}

/** Keycloak cannot be reached, so an action failed. */
export interface Unavailable {
  readonly phase: "unavailable";
  readonly doing: Action;
  /** Retries the action. */
  readonly retry: () => Promise<void>;
}
