import type { MissingByPermission } from "./permissions.ts";

/** A signed-in user. */
export interface User {
  readonly name: string;
  readonly email?: string;
}

/** The state of a session. The page shows exactly one of these. */
export type SessionState =
  | { readonly phase: "starting" }
  | { readonly phase: "signed-out" }
  | { readonly phase: "leaving"; readonly to: "sign in" | "sign out" }
  | SignedIn
  | { readonly phase: "expired" }
  | Unavailable
  | Refused;

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

/** Keycloak cannot be reached, so an action failed. */
export interface Unavailable {
  readonly phase: "unavailable";
  readonly doing: "start" | "sign in" | "sign out";
  /** Retries the action. */
  readonly retry: () => Promise<void>;
}
