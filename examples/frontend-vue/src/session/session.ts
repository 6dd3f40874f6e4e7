import type Keycloak from "keycloak-js";
import { type InjectionKey, type ShallowRef, inject, shallowRef } from "vue";
import type { KeycloakSettings } from "../settings.ts";
import { keepFresh } from "./keep-fresh.ts";
import { type Renewal, connect, reach, reasonOf, renew, statusOf, userOf } from "./keycloak.ts";
import { missingIn } from "./permissions.ts";
import type { SessionState, Unavailable } from "./state.ts";

/** A token for the API, or the reason why there is none. */
export type AccessToken =
  { readonly token: string } | { readonly missing: "unreachable" | "ended" };

/** Signs users in and out, and provides their access token. Tokens are only in memory. */
export interface Session {
  readonly state: Readonly<ShallowRef<SessionState>>;
  /** Finds out whether the user is already signed in. */
  readonly start: () => Promise<void>;
  readonly signIn: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** A valid token, renewed if it expires within 10 seconds; with `renewed`, always a new one. */
  readonly accessToken: (options?: { readonly renewed?: boolean }) => Promise<AccessToken>;
}

/** The seconds before its expiry at which an access token is renewed; at most half of its lifetime. */
const LEAD = 30;

/** Creates the page's session at Keycloak. */
export function createSession(settings: KeycloakSettings): Session {
  const state = shallowRef<SessionState>({ phase: "starting" });
  let keycloak: Keycloak | undefined;
  let stopRenewal: (() => void) | undefined;

  async function start(): Promise<void> {
    if (!(await reachable("start", start))) return;
    state.value = { phase: "starting" };
    try {
      keycloak = await connect(settings);
    } catch (error) {
      const lost = error instanceof TypeError || (statusOf(error) ?? 0) >= 500;
      state.value = lost
        ? { phase: "unavailable", doing: "start", retry: start }
        : { phase: "refused", reason: reasonOf(error) };
      return;
    }
    if (!keycloak.authenticated) {
      state.value = { phase: "signed-out" };
      return;
    }
    const signedIn = keycloak;
    show(signedIn, "fresh");
    stopRenewal?.();
    stopRenewal = keepFresh(
      () => dueIn(signedIn) * 1_000,
      () => refresh(signedIn, lead(signedIn) + 1),
    );
  }

  async function signIn(): Promise<void> {
    if (!(await reachable("sign in", signIn))) return;
    state.value = { phase: "leaving", to: "sign in" };
    await keycloak?.login();
  }

  async function signOut(): Promise<void> {
    if (!(await reachable("sign out", signOut))) return;
    stopRenewal?.();
    state.value = { phase: "leaving", to: "sign out" };
    await keycloak?.logout();
  }

  async function accessToken(options?: { readonly renewed?: boolean }): Promise<AccessToken> {
    if (keycloak?.authenticated !== true) return { missing: "ended" };
    const forced = options?.renewed === true;
    const renewal = await refresh(keycloak, forced ? -1 : 10);
    if (renewal === "ended") return { missing: "ended" };
    const usable = renewal === "fresh" || (!forced && !keycloak.isTokenExpired());
    return usable && keycloak.token !== undefined
      ? { token: keycloak.token }
      : { missing: "unreachable" };
  }

  async function reachable(doing: Unavailable["doing"], retry: () => Promise<void>) {
    const found = await reach(settings);
    if (found === "unreachable") state.value = { phase: "unavailable", doing, retry };
    if (found === "wrong") {
      const reason = `There is no realm "${settings.realm}" at ${settings.url}.`;
      state.value = { phase: "refused", reason };
    }
    return found === "reachable";
  }

  async function refresh(current: Keycloak, seconds: number): Promise<Renewal> {
    const renewal = await renew(current, seconds);
    // A user who is signing out does not need the result.
    if (state.value.phase === "signed-in") show(current, renewal);
    return renewal;
  }

  function show(current: Keycloak, renewal: Renewal): void {
    if (renewal === "ended") {
      stopRenewal?.();
      state.value = { phase: "expired" };
      return;
    }
    const { permissionsClaim } = settings;
    // Each renewal brings a new ID token, so a role that changes is seen then.
    const claim: unknown = current.idTokenParsed?.[permissionsClaim];
    state.value = {
      phase: "signed-in",
      user: userOf(current),
      missing: missingIn(
        current.tokenParsed?.scope,
        permissionsClaim === "" ? undefined : { claim },
      ),
      renewalFails: renewal === "unreachable",
    };
  }

  return { state, start, signIn, signOut, accessToken };
}

/** Seconds until an access token should be renewed, by the browser's clock. */
function dueIn(keycloak: Keycloak): number {
  const { exp = 0 } = keycloak.tokenParsed ?? {};
  return exp + (keycloak.timeSkew ?? 0) - Date.now() / 1_000 - lead(keycloak);
}

function lead(keycloak: Keycloak): number {
  const { exp = 0, iat = 0 } = keycloak.tokenParsed ?? {};
  return Math.min(LEAD, (exp - iat) / 2);
}

/** The key that provides the session to components. */
export const sessionKey: InjectionKey<Session> = Symbol("session");

/** The page's session, in a component. */
export function useSession(): Session {
  const session = inject(sessionKey);
  if (session === undefined) throw new Error("no session is provided");
  return session;
}
