import type { OidcClient } from "oidc-client-ts";
import { keep, kept } from "../kept.ts";
import type { KeycloakSettings } from "../settings.ts";
import { post } from "./browser.ts";
import { returnPath } from "./return-path.ts";

/** What the page remembers while the user is at Keycloak. */
export interface Departure {
  /** The path to show afterwards. */
  readonly returnTo: string;
  /** Whether the user was not to be asked. */
  readonly isSilent: boolean;
  /** Whether a session that was in use needs new tokens. */
  readonly recovers: boolean;
}

const SILENT_ATTEMPTS = "silent attempts";
/** The silent attempts after which the page stops if none got an answer. A reload may lose the first one's. */
const MOST = 2;

/** Goes to Keycloak's page, where the user signs in. Those with a session at Keycloak return at once. */
export async function leaveForSignIn(
  client: OidcClient,
  settings: KeycloakSettings,
): Promise<void> {
  location.assign(await addressFor(client, settings, { isSilent: false, recovers: false }));
}

/**
 * Goes to Keycloak and returns at once, signed in or not (`prompt=none`). Unlike a hidden iframe, this works without third-party
 * cookies.
 *
 * @returns whether the page leaves. Without any answer, it could go on without end.
 */
export async function leaveSilently(
  client: OidcClient,
  settings: KeycloakSettings,
  recovers: boolean,
): Promise<boolean> {
  const attempts = Number(kept(SILENT_ATTEMPTS) ?? 0);
  keep(SILENT_ATTEMPTS, attempts < MOST ? attempts + 1 : 0);
  if (attempts >= MOST) return false;
  location.replace(await addressFor(client, settings, { isSilent: true, recovers }));
  return true;
}

/**
 * Ends the session at Keycloak.
 *
 * @see [OpenID Connect RP-Initiated Logout](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)
 */
export async function leaveForSignOut(
  client: OidcClient,
  { clientId, postLogoutRedirectUri }: KeycloakSettings,
  idToken: string,
): Promise<void> {
  const metadata = await client.metadataService.getMetadata();
  // `connect` checks that there is one.
  const { end_session_endpoint: address } = metadata as { readonly end_session_endpoint: string };
  // The library uses GET, and the ID token with the user's name would appear in the URL and in logs.
  post(address, {
    client_id: clientId,
    ...(idToken === "" ? {} : { id_token_hint: idToken }),
    ...(postLogoutRedirectUri === "" ? {} : { post_logout_redirect_uri: postLogoutRedirectUri }),
  });
}

async function addressFor(
  client: OidcClient,
  settings: KeycloakSettings,
  attempt: Omit<Departure, "returnTo">,
): Promise<string> {
  const { pathname, search, hash } = location;
  const { pathname: home } = new URL(settings.redirectUri);
  const returnTo = isSignedOutPage(settings) ? home : pathname + search + hash;
  const departure: Departure = { ...attempt, returnTo };
  const request = await client.createSigninRequest({
    nonce: crypto.randomUUID(),
    state: departure,
    ...(attempt.isSilent ? { prompt: "none" } : {}),
  });
  return request.url;
}

/** Takes Keycloak's answer out of the page's address, so that a reload does not use it again. */
export function takeAnswer(): string | undefined {
  const { href, hash, pathname, search } = location;
  const answer = new URLSearchParams(hash.slice(1));
  if (!answer.has("state") || !(answer.has("code") || answer.has("error"))) return undefined;
  history.replaceState(null, "", pathname + search);
  keep(SILENT_ATTEMPTS, 0);
  return href;
}

/** Shows the path that the page left. @returns the departure, or undefined if the answer belongs to none of this tab */
export async function arrive(
  client: OidcClient,
  answer: string,
  settings: KeycloakSettings,
): Promise<Departure | undefined> {
  try {
    const { state } = await client.readSigninResponseState(answer);
    const departure = state.data as Departure;
    history.replaceState(null, "", returnPath(departure.returnTo, settings.redirectUri));
    return departure;
  } catch {
    return undefined;
  }
}

/** Whether this is the address to which Keycloak sends users who have just signed out, and no other. */
export function isSignedOutPage({ redirectUri, postLogoutRedirectUri }: KeycloakSettings): boolean {
  const address = location.href.replace(/#.*/, "");
  return address === postLogoutRedirectUri && address !== redirectUri;
}
