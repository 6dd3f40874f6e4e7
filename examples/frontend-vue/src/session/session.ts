import { OidcClient } from "oidc-client-ts";
import { type InjectionKey, type ShallowRef, inject, shallowRef } from "vue";
import type { KeycloakSettings } from "../settings.ts";
import { obstacle } from "./browser.ts";
import * as departure from "./departure.ts";
import { keepFresh } from "./keep-fresh.ts";
import { type KeptTokens, type Renewal, keepTokens } from "./kept-tokens.ts";
import * as oidc from "./oidc.ts";
import { type SessionState, type Unavailable, signedIn } from "./state.ts";
import { type Tokens, dueIn, isValid } from "./tokens.ts";

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
  /** A valid token, renewed if that is due; with `renewed`, always a new one. */
  readonly accessToken: (options?: { readonly renewed?: boolean }) => Promise<AccessToken>;
}

/** Creates the page's session at Keycloak. */
export function createSession(settings: KeycloakSettings): Session {
  const state = shallowRef<SessionState>({ phase: "starting" });
  const tabs = new BroadcastChannel(`session of ${settings.clientId}`);
  let kept: KeptTokens | undefined;
  let stopRenewal: (() => void) | undefined;

  tabs.onmessage = () => {
    if (kept === undefined) return;
    forget();
    sessionStorage.clear();
    state.value = { phase: "signed-out" };
  };

  async function start(): Promise<void> {
    const reason = obstacle();
    if (reason !== undefined) {
      refuse(reason);
      return;
    }
    const client = await reach("start", start);
    if (client === undefined) return;
    state.value = { phase: "starting" };
    const answer = departure.takeAnswer();
    const isLost = departure.endSilentAttempt() && answer === undefined;
    if (answer !== undefined) await accept(client, answer);
    else if (departure.isSignedOutPage(settings)) state.value = { phase: "signed-out" };
    else if (isLost) refuse("The answer of the sign-in service did not arrive.");
    else await departure.leaveSilently(client, settings, false);
  }

  async function accept(client: OidcClient, answer: string): Promise<void> {
    try {
      const accepted = await oidc.acceptAnswer(client, answer);
      const { recovers } = departure.arrive(accepted.state, settings);
      begin(client, accepted.tokens, recovers);
    } catch (error) {
      if (!oidc.needsUser(error)) {
        refuse(oidc.reasonOf(error));
        return;
      }
      // Users who were signed in a moment ago read what happened.
      const { recovers } = departure.arrive(error.state, settings);
      state.value = { phase: recovers ? "expired" : "signed-out" };
    }
  }

  function begin(client: OidcClient, tokens: Tokens, isRecovery: boolean): void {
    let hasRecovered = isRecovery;
    const current = keepTokens(client, tokens, (renewal) => {
      // A user who is signing out does not need the result.
      if (state.value.phase !== "signed-in") return;
      if (renewal !== "ended") show(current, renewal);
      else if (hasRecovered) expire();
      else void recover();
      if (renewal === "fresh") hasRecovered = false;
    });
    kept = current;
    show(current, "fresh");
    stopRenewal = keepFresh(() => dueIn(current.current()), current.renew);
  }

  function show(current: KeptTokens, renewal: Renewal): void {
    state.value = signedIn(current.current(), settings.permissionsClaim, renewal === "unreachable");
  }

  /** Tries a silent sign-in: an answer with new tokens may be lost, although the session at Keycloak goes on. */
  async function recover(): Promise<void> {
    forget();
    state.value = { phase: "starting" };
    const client = await reach("start", start);
    if (client !== undefined) await departure.leaveSilently(client, settings, true);
  }

  function expire(): void {
    forget();
    state.value = { phase: "expired" };
  }

  function forget(): void {
    stopRenewal?.();
    kept?.drop();
    kept = undefined;
  }

  async function signIn(): Promise<void> {
    const client = await reach("sign in", signIn);
    if (client === undefined) return;
    state.value = { phase: "leaving", to: "sign in" };
    await departure.leaveForSignIn(client, settings);
  }

  async function signOut(): Promise<void> {
    const client = await reach("sign out", signOut);
    if (client === undefined) return;
    const idToken = kept?.current().idToken ?? "";
    state.value = { phase: "leaving", to: "sign out" };
    forget();
    sessionStorage.clear();
    tabs.postMessage("signed out");
    await departure.leaveForSignOut(client, settings, idToken);
  }

  async function accessToken(options?: { readonly renewed?: boolean }): Promise<AccessToken> {
    const current = kept;
    if (current === undefined) return { missing: "ended" };
    const isForced = options?.renewed === true;
    const isDue = isForced || dueIn(current.current()) <= 0;
    const renewal = isDue ? await current.renew() : "fresh";
    if (renewal === "ended") return { missing: "ended" };
    const isUsable = renewal === "fresh" || (!isForced && isValid(current.current()));
    return isUsable ? { token: current.current().accessToken } : { missing: "unreachable" };
  }

  async function reach(doing: Unavailable["doing"], retry: () => Promise<void>) {
    const client = await oidc.connect(settings);
    if (client instanceof OidcClient) return client;
    if (client === "unreachable") state.value = { phase: "unavailable", doing, retry };
    else refuse(`There is no realm "${settings.realm}" at ${settings.url}.`);
    return undefined;
  }

  function refuse(reason: string): void {
    state.value = { phase: "refused", reason };
  }

  return { state, start, signIn, signOut, accessToken };
}

/** The key that provides the session to components. */
export const sessionKey: InjectionKey<Session> = Symbol("session");

/** The page's session, in a component. */
export function useSession(): Session {
  const session = inject(sessionKey);
  if (session === undefined) throw new Error("no session is provided");
  return session;
}
