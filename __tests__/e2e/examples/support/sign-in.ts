import { createHash, randomBytes } from "node:crypto";
import { tokenEndpoint } from "../../../../operations/keycloak/token.ts";

/** A user who signs in at a client. */
export interface SignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly username: string;
  readonly password: string;
}

/** The tokens that a client gets for a user. */
export interface UserTokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
}

/**
 * Signs a user in as a frontend in a browser does: authorization code with PKCE, on Keycloak's login page.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636
 */
export async function signIn(options: SignIn): Promise<UserTokens> {
  const { issuer, clientId, redirectUri, username, password } = options;
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "openid",
    state: "state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const page = await fetch(`${issuer}/protocol/openid-connect/auth?${query.toString()}`);
  const action = /<form[^>]* action="([^"]+)"/.exec(await page.text())?.[1];
  if (action === undefined) throw new Error(`no login page: HTTP ${page.status}`);
  const cookie = page.headers.getSetCookie().map((line) => line.split(";")[0]);
  const signedIn = await fetch(action.replaceAll("&amp;", "&"), {
    method: "POST",
    headers: { cookie: cookie.join("; ") },
    body: new URLSearchParams({ username, password }),
    redirect: "manual",
  });
  const code = new URL(signedIn.headers.get("location") ?? "about:blank").searchParams.get("code");
  if (code === null) throw new Error(`${username} is not signed in: HTTP ${signedIn.status}`);
  return tokens(issuer, {
    grant_type: "authorization_code",
    client_id: clientId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
  });
}

/** Renews a user's tokens as a frontend does. */
export function renew(issuer: string, clientId: string, before: UserTokens): Promise<UserTokens> {
  return tokens(issuer, {
    grant_type: "refresh_token",
    client_id: clientId,
    refresh_token: before.refresh_token,
  });
}

async function tokens(issuer: string, form: Record<string, string>): Promise<UserTokens> {
  const body = new URLSearchParams(form);
  const answer = await fetch(tokenEndpoint(issuer), { method: "POST", body });
  if (!answer.ok) throw new Error(`no tokens: ${await answer.text()}`);
  return (await answer.json()) as UserTokens;
}
