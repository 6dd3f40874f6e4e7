import type { Permission } from "./permissions.ts";

/** Who has signed in. */
export interface User {
  readonly name: string;
  readonly email?: string;
}

/** Where a session stands. The page shows exactly one of these. */
export type SessionState =
  | { readonly phase: "starting" }
  | { readonly phase: "signed-out" }
  | { readonly phase: "leaving"; readonly to: "sign in" | "sign out" }
  | SignedIn
  | { readonly phase: "expired" }
  | Unavailable
  | Refused;

/** Keycloak is there, and did not sign the user in. */
export interface Refused {
  readonly phase: "refused";
  /** Why, in a sentence. */
  readonly reason: string;
}

/** A user is there, and tokens in memory. */
export interface SignedIn {
  readonly phase: "signed-in";
  readonly user: User;
  readonly permissions: ReadonlySet<Permission>;
  /** Keycloak could not be reached to renew the tokens, and is tried again. */
  readonly renewalFails: boolean;
}

/** Keycloak cannot be reached, and something could not be done for that. */
export interface Unavailable {
  readonly phase: "unavailable";
  readonly doing: "start" | "sign in" | "sign out";
  /** Does what could not be done. */
  readonly retry: () => Promise<void>;
}
