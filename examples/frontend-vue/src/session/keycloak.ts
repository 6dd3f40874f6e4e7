import Keycloak from "keycloak-js";
import type { KeycloakSettings } from "../settings.ts";
import type { User } from "./state.ts";

/** What became of a token that had to be renewed. */
export type Renewal = "fresh" | "away" | "ended";

/** Whether Keycloak answers: a browser that goes there while it is away leaves the page for an error of its own. */
export async function reach(settings: KeycloakSettings): Promise<"there" | "away" | "wrong"> {
  const realm = `${settings.url}/realms/${encodeURIComponent(settings.realm)}`;
  try {
    const answer = await fetch(`${realm}/.well-known/openid-configuration`, {
      cache: "no-store",
      signal: AbortSignal.timeout(8_000),
    });
    if (answer.ok) return "there";
    return answer.status >= 500 || answer.status === 429 ? "away" : "wrong";
  } catch {
    return "away";
  }
}

/**
 * Keycloak's client, told whether the browser has a session at Keycloak. Where it has none yet, or has just been reloaded, this
 * leaves the page: a redirect with `prompt=none` works without cookies of third parties, unlike an iframe.
 */
export async function connect(settings: KeycloakSettings): Promise<Keycloak> {
  const { url, realm, clientId, redirectUri } = settings;
  const keycloak = new Keycloak({ url, realm, clientId });
  await keycloak.init({
    onLoad: "check-sso",
    flow: "standard",
    pkceMethod: "S256",
    checkLoginIframe: false,
    // By GET the ID token, with the user's name in it, would stand in the address and in logs.
    logoutMethod: "POST",
    redirectUri,
  });
  return keycloak;
}

/** Renews the tokens unless the access token is good for another `seconds`; -1 renews in any case. */
export async function renew(keycloak: Keycloak, seconds: number): Promise<Renewal> {
  try {
    await Promise.race([keycloak.updateToken(seconds), failAfter(10_000)]);
    return "fresh";
  } catch (error) {
    const status = statusOf(error);
    const refused = status !== undefined && status < 500 && status !== 429;
    return refused || !keycloak.authenticated ? "ended" : "away";
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

/** Why Keycloak did not sign a user in, in Keycloak's words where it has some. */
export function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return `The sign-in service answered with status ${status}.`;
  const { error: code, error_description: description } = Object(error) as Record<string, unknown>;
  const said = [description, code].find((words) => typeof words === "string" && words !== "");
  return said === undefined
    ? "The sign-in service gave an answer that Atlas does not understand."
    : `The sign-in service says: ${said as string}`;
}

/** The status of an answer that keycloak-js has turned into an error, whose class it does not export. */
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
