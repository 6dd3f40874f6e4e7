import {
  ErrorResponse,
  ErrorTimeout,
  OidcClient,
  type OidcMetadata,
  type SigninResponse,
  WebStorageStateStore,
} from "oidc-client-ts";
import { nameOf } from "../kept.ts";
import type { KeycloakSettings } from "../settings.ts";
import type { Tokens } from "./tokens.ts";
import { within } from "./within.ts";

/** Seconds that Keycloak has for an answer. */
const LIMIT = 10;

/** Asks Keycloak for its addresses. If it does not respond, a redirect would end at the browser's error page. */
export async function connect(
  settings: KeycloakSettings,
): Promise<OidcClient | "unreachable" | "wrong"> {
  try {
    const answer = await fetch(`${realmOf(settings)}/.well-known/openid-configuration`, {
      cache: "no-store",
      signal: AbortSignal.timeout(LIMIT * 1_000),
    });
    if (!answer.ok) return answer.status >= 500 || answer.status === 429 ? "unreachable" : "wrong";
    const metadata = Object(await answer.json()) as Partial<OidcMetadata>;
    const isComplete = needed.every((name) => typeof metadata[name] === "string");
    return isComplete ? createClient(settings, metadata) : "wrong";
  } catch (error) {
    return error instanceof SyntaxError ? "wrong" : "unreachable";
  }
}

const needed = [
  "issuer",
  "authorization_endpoint",
  "token_endpoint",
  "end_session_endpoint",
] as const;

/** Creates a client for the authorization code flow with PKCE. It keeps only what a sign-in in progress needs, and no token. */
export function createClient(
  settings: KeycloakSettings,
  metadata: Partial<OidcMetadata>,
): OidcClient {
  return new OidcClient({
    authority: realmOf(settings),
    metadata,
    client_id: settings.clientId,
    redirect_uri: settings.redirectUri,
    // A browser does not send the fragment to the page's server, so the code is in no log there.
    response_mode: "fragment",
    ui_locales: document.documentElement.lang,
    stateStore: new WebStorageStateStore({ store: sessionStorage, prefix: nameOf("sign-in ") }),
    requestTimeoutInSeconds: LIMIT,
    // The library uses this for all its POST requests. A proxy's page then gets an error with the HTTP status.
    revokeTokenAdditionalContentTypes: ["text/"],
  });
}

/** Exchanges the answer in the page's address for tokens. @throws Error if it is refused, or Keycloak does not respond in time */
export async function acceptAnswer(client: OidcClient, address: string): Promise<Tokens> {
  const answer = await within(LIMIT, client.processSigninResponse(address));
  // Sign-ins that were given up leave something behind.
  await client.clearStaleState();
  return tokensOf(answer);
}

/** Renews the tokens. @throws Error if Keycloak refuses that or does not respond in time */
export async function renewTokens(client: OidcClient, tokens: Tokens): Promise<Tokens> {
  const state = {
    refresh_token: tokens.refreshToken,
    id_token: tokens.idToken,
    session_state: null,
    profile: tokens.claims,
  };
  // The library limits the time until an answer begins. `within` limits the time until it ends.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the library does not export the class
  const answer = await within(LIMIT, client.useRefreshToken({ state, timeoutInSeconds: LIMIT }));
  return tokensOf(answer, tokens);
}

function tokensOf(answer: SigninResponse, before?: Tokens): Tokens {
  // Keycloak names the lifetime. RFC 6749, section 5.1 only recommends it.
  const lifetime = answer.expires_in ?? 60;
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? "",
    idToken: answer.id_token ?? "",
    claims: answer.profile,
    scope: answer.scope ?? before?.scope ?? "",
    lifetime,
    expiresAt: Date.now() + lifetime * 1_000,
  };
}

/** Codes of RFC 6749, sections 4.1.2.1 and 5.2, and of Keycloak, which mean that it fails only for now. */
const temporary = ["server_error", "temporarily_unavailable", "unknown_error"];

/** Whether Keycloak could not be reached or was overloaded, so that another attempt may succeed. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ErrorResponse) return temporary.includes(error.error ?? "");
  // A failed fetch is a TypeError. The library has the HTTP status only in its message: "Bad Gateway (502)".
  const hasStatus = error instanceof Error && /^[^(]*\((5\d\d|429)\)/.test(error.message);
  return hasStatus || error instanceof TypeError || error instanceof ErrorTimeout;
}

const userRequired = [
  "account_selection_required",
  "consent_required",
  "interaction_required",
  "login_required",
];

/** Whether an answer to `prompt=none` means that the user has to sign in (OpenID Connect Core, section 3.1.2.6). */
export function needsUser(error: unknown): boolean {
  return error instanceof ErrorResponse && userRequired.includes(error.error ?? "");
}

/** The reason why Keycloak did not sign a user in, with Keycloak's message if there is one. */
export function reasonOf(error: unknown): string {
  // The page has checked the state before, so nobody else can put a text here.
  if (error instanceof ErrorResponse) return `The sign-in service says: ${error.message}`;
  return "Atlas cannot use the answer of the sign-in service.";
}

function realmOf({ url, realm }: KeycloakSettings): string {
  return `${url}/realms/${encodeURIComponent(realm)}`;
}
