import Keycloak from "keycloak-js";
import type { KeycloakSettings } from "../settings.ts";
import type { User } from "./state.ts";

/** The result of renewing the tokens. */
export type Renewal = "fresh" | "unreachable" | "ended";

/** Checks whether Keycloak responds. If it does not, a redirect would end at the browser's error page. */
export async function reach(
  settings: KeycloakSettings,
): Promise<"reachable" | "unreachable" | "wrong"> {
  const realm = `${settings.url}/realms/${encodeURIComponent(settings.realm)}`;
  try {
    const answer = await fetch(`${realm}/.well-known/openid-configuration`, {
      cache: "no-store",
      signal: AbortSignal.timeout(8_000),
    });
    if (answer.ok) return "reachable";
    return answer.status >= 500 || answer.status === 429 ? "unreachable" : "wrong";
  } catch {
    return "unreachable";
  }
}

/**
 * Creates Keycloak's client and finds out whether the browser has a session at Keycloak. After a load or reload of the page, this
 * redirects with `prompt=none`. Unlike a hidden iframe, that works without third-party cookies.
 */
export async function connect(settings: KeycloakSettings): Promise<Keycloak> {
  const { url, realm, clientId, redirectUri } = settings;
  const keycloak = new Keycloak({ url, realm, clientId });
  await keycloak.init({
    onLoad: "check-sso",
    flow: "standard",
    pkceMethod: "S256",
    checkLoginIframe: false,
    // With GET, the ID token and the user's name in it would appear in the URL and in logs.
    logoutMethod: "POST",
    redirectUri,
  });
  return keycloak;
}

/** Renews the tokens unless the access token is valid for another `seconds`. -1 always renews. */
export async function renew(keycloak: Keycloak, seconds: number): Promise<Renewal> {
  try {
    await Promise.race([keycloak.updateToken(seconds), failAfter(10_000)]);
    return "fresh";
  } catch (error) {
    const status = statusOf(error);
    const refused = status !== undefined && status < 500 && status !== 429;
    return refused || !keycloak.authenticated ? "ended" : "unreachable";
  }
}

/** The user that the ID token names. */
export function userOf(keycloak: Keycloak): User {
  const claim = (name: string): string | undefined => {
    const value: unknown = keycloak.idTokenParsed?.[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const email = claim("email");
  return {
    name: claim("name") ?? claim("preferred_username") ?? email ?? "Signed in",
    ...(email === undefined ? {} : { email }),
  };
}

/** The reason why Keycloak did not sign a user in, with Keycloak's message if there is one. */
export function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return `The sign-in service answered with status ${status}.`;
  const { error: code, error_description: description } = Object(error) as Record<string, unknown>;
  const message = [description, code].find((text) => typeof text === "string" && text !== "");
  return message === undefined
    ? "Atlas does not understand the answer of the sign-in service."
    : `The sign-in service says: ${message as string}`;
}

/** The HTTP status in an error of keycloak-js, which does not export the error's class. */
export function statusOf(error: unknown): number | undefined {
  const answer = error instanceof Error && "response" in error ? error.response : undefined;
  return answer instanceof Response ? answer.status : undefined;
}

function failAfter(milliseconds: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error("no answer"));
    }, milliseconds);
  });
}
