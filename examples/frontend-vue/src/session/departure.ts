import type { OidcClient } from "oidc-client-ts";
import type { KeycloakSettings } from "../settings.ts";
import { post } from "./browser.ts";
import { returnPath } from "./return-path.ts";

/** What the page remembers while the user is at Keycloak. */
export interface Departure {
  /** The path to show afterwards. */
  readonly returnTo: string;
  /** Whether a session that was in use needs new tokens. */
  readonly recovers: boolean;
}

const SILENT = "silent sign-in";

/** Goes to Keycloak's page, where the user signs in. Those with a session at Keycloak return at once. */
export async function leaveForSignIn(
  client: OidcClient,
  settings: KeycloakSettings,
): Promise<void> {
  location.assign(await addressFor(client, settings, { recovers: false }));
}

/**
 * Goes to Keycloak and returns at once, signed in or not (`prompt=none`). Unlike a hidden iframe, this works without third-party
 * cookies.
 */
export async function leaveSilently(
  client: OidcClient,
  settings: KeycloakSettings,
  recovers: boolean,
): Promise<void> {
  const address = await addressFor(client, settings, { recovers, prompt: "none" });
  sessionStorage.setItem(SILENT, "begun");
  location.replace(address);
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
  const address = await client.metadataService.getEndSessionEndpoint();
  // The library uses GET, and the ID token with the user's name would appear in the URL and in logs.
  post(address ?? "", {
    client_id: clientId,
    id_token_hint: idToken,
    ...(postLogoutRedirectUri === "" ? {} : { post_logout_redirect_uri: postLogoutRedirectUri }),
  });
}

async function addressFor(
  client: OidcClient,
  settings: KeycloakSettings,
  { recovers, ...more }: { readonly recovers: boolean; readonly prompt?: "none" },
): Promise<string> {
  const { pathname, search, hash } = location;
  const returnTo = isSignedOutPage(settings) ? pathOf(settings) : pathname + search + hash;
  const departure: Departure = { returnTo, recovers };
  const request = { nonce: crypto.randomUUID(), state: departure, ...more };
  return (await client.createSigninRequest(request)).url;
}

/** Takes Keycloak's answer out of the page's address, so that a reload does not use it again. */
export function takeAnswer(): string | undefined {
  const { href, hash, pathname, search } = location;
  const answer = new URLSearchParams(hash.slice(1));
  if (!answer.has("state") || !(answer.has("code") || answer.has("error"))) return undefined;
  history.replaceState(null, "", pathname + search);
  return href;
}

/** Whether the page left for a silent sign-in, which is over now. If no answer came, another one could go on without end. */
export function endSilentAttempt(): boolean {
  const begun = sessionStorage.getItem(SILENT) !== null;
  sessionStorage.removeItem(SILENT);
  return begun;
}

/** Shows the path that the page left. @param state the departure, as the answer's state brings it back */
export function arrive(state: unknown, settings: KeycloakSettings): Departure {
  const { returnTo, recovers } = Object(state) as Partial<Departure>;
  const path = returnPath(returnTo, pathOf(settings));
  history.replaceState(null, "", path);
  return { returnTo: path, recovers: recovers === true };
}

/** Whether this is the address to which Keycloak sends users who have just signed out, and no other. */
export function isSignedOutPage({ redirectUri, postLogoutRedirectUri }: KeycloakSettings): boolean {
  const address = location.href.replace(/#.*/, "");
  return address === postLogoutRedirectUri && address !== redirectUri;
}

function pathOf({ redirectUri }: KeycloakSettings): string {
  return new URL(redirectUri).pathname;
}
