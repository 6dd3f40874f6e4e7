import { OidcClient } from "oidc-client-ts";
import { type InjectionKey, type ShallowRef, inject, shallowRef } from "vue";
import { nameOf, removeKept } from "../kept.ts";
import type { KeycloakSettings } from "../settings.ts";
import { obstacle } from "./browser.ts";
import * as departure from "./departure.ts";
import { keepFresh } from "./keep-fresh.ts";
import {
  type AccessToken,
  type KeptTokens,
  type Renewal,
  keepTokens,
  usableToken,
} from "./kept-tokens.ts";
import * as oidc from "./oidc.ts";
import { type Action, type SessionState, signedIn } from "./state.ts";
import { type Tokens, dueIn } from "./tokens.ts";

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

/** A session that ends sooner after a silent sign-in would sign in silently again and again. */
const SHORTEST_MS = 10_000;

/** Creates the page's session at Keycloak. */
export function createSession(settings: KeycloakSettings): Session {
  const state = shallowRef<SessionState>({ phase: "starting" });
  const tabs = new BroadcastChannel(nameOf("session"));
  let kept: KeptTokens | undefined;
  let stopRenewal: (() => void) | undefined;
  /** The number of the latest action. Answers to earlier ones do not count any more. */
  let latest = 0;

  tabs.onmessage = () => {
    // The page finds out when it returns, and needs what it keeps for that.
    if (state.value.phase === "leaving") return;
    latest += 1;
    forget();
    state.value = { phase: "signed-out" };
    removeKept();
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
    if (answer !== undefined) await accept(client, answer);
    else if (departure.isSignedOutPage(settings)) state.value = { phase: "signed-out" };
    else await leaveSilently(client, false);
  }

  async function accept(client: OidcClient, answer: string): Promise<void> {
    const action = latest;
    const left = await departure.arrive(client, answer, settings);
    if (left === undefined) {
      refuse("The answer of the sign-in service was lost, or belongs to another tab.");
      return;
    }
    const { isSilent, recovers } = left;
    const accepted = await oidc.acceptAnswer(client, answer).catch((error: unknown) => ({ error }));
    if (action !== latest) return;
    if (!("error" in accepted)) begin(client, accepted, recovers);
    // Users who were signed in a moment ago read what happened.
    else if (oidc.needsUser(accepted.error))
      state.value = { phase: recovers ? "expired" : "signed-out" };
    else if (!oidc.isTemporary(accepted.error)) refuse(oidc.reasonOf(accepted.error));
    else if (isSilent) failToReach("start", () => signInSilently(recovers));
    // Such as a login page that was open for too long, while the user signed in in another tab.
    else await signInSilently(recovers);
  }

  function begin(client: OidcClient, tokens: Tokens, isRecovery: boolean): void {
    const begun = Date.now();
    const current = keepTokens(client, tokens, (renewal) => {
      if (renewal !== "ended") {
        show(current, renewal);
        return;
      }
      forget();
      const isFutile = isRecovery && Date.now() - begun < SHORTEST_MS;
      state.value = { phase: isFutile ? "expired" : "starting" };
      if (!isFutile) void signInSilently(true);
    });
    kept = current;
    show(current, "fresh");
    stopRenewal = keepFresh(() => dueIn(current.current()), current.renew);
  }

  function show(current: KeptTokens, renewal: Renewal): void {
    state.value = signedIn(current.current(), settings.permissionsClaim, renewal === "unreachable");
  }

  /** Signs in without asking the user. @param recovers whether the page lost its tokens, but perhaps not the session at Keycloak */
  async function signInSilently(recovers: boolean): Promise<void> {
    const client = await reach("start", () => signInSilently(recovers));
    if (client !== undefined) await leaveSilently(client, recovers);
  }

  async function leaveSilently(client: OidcClient, recovers: boolean): Promise<void> {
    state.value = { phase: "leaving", to: "start" };
    if (!(await departure.leaveSilently(client, settings, recovers)))
      refuse("The answer of the sign-in service did not arrive.");
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
    if (kept === undefined) return;
    const { idToken } = kept.current();
    forget();
    state.value = { phase: "leaving", to: "sign out" };
    await endSession(idToken);
  }

  async function endSession(idToken: string): Promise<void> {
    const client = await reach("sign out", () => endSession(idToken));
    if (client === undefined) return;
    state.value = { phase: "leaving", to: "sign out" };
    removeKept();
    tabs.postMessage("signed out");
    await departure.leaveForSignOut(client, settings, idToken);
  }

  function accessToken({ renewed = false } = {}): Promise<AccessToken> {
    return kept === undefined ? Promise.resolve({ missing: "ended" }) : usableToken(kept, renewed);
  }

  /** Begins an action for which Keycloak has to respond. Undefined if it does not, or another action has begun meanwhile. */
  async function reach(doing: Action, retry: () => Promise<void>): Promise<OidcClient | undefined> {
    const action = (latest += 1);
    const client = await oidc.connect(settings);
    if (action !== latest) return undefined;
    if (client instanceof OidcClient) return client;
    if (client === "unreachable") failToReach(doing, retry);
    else refuse(`There is no realm "${settings.realm}" at ${settings.url}.`);
    return undefined;
  }

  function failToReach(doing: Action, retry: () => Promise<void>): void {
    state.value = { phase: "unavailable", doing, retry };
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
