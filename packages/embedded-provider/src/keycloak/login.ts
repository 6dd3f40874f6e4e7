import { readFile } from "node:fs/promises";
import { NetworkError } from "@keycloak/keycloak-admin-client";
import type { Credentials } from "@keycloak/keycloak-admin-client/lib/utils/auth.js";
import { ProviderError } from "../protocol/diagnostics.ts";
import type { Settings } from "./settings.ts";

/** The identity that logs in, as an error names it. */
export function describeIdentity({ username, clientId }: Settings): string {
  if (username !== undefined) return `user "${username}"`;
  return clientId === undefined ? "the client of the JWT" : `client "${clientId}"`;
}

/** The grant of a user or of a client with a secret. */
export function credentialsOf(settings: Settings): Credentials {
  const { clientId = "", clientSecret, username, password } = settings;
  return {
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(username === undefined || password === undefined
      ? { grantType: "client_credentials" as const }
      : { grantType: "password" as const, username, password }),
  };
}

/** Whether a service account logs in with a JWT. */
export function hasAssertion({ jwtToken, jwtTokenFile }: Settings): boolean {
  return jwtToken !== undefined || jwtTokenFile !== undefined;
}

/**
 * Logs in with a JWT of another issuer. A file is read at each login, because such a JWT may work only once.
 *
 * @returns the access token
 * @throws ProviderError if the file cannot be read
 * @throws NetworkError if Keycloak refuses the JWT
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export async function assertedLogin(settings: Settings): Promise<string> {
  const { url, realm, clientId, timeout, headers } = settings;
  const response = await fetch(`${url}/realms/${realm}/protocol/openid-connect/token`, {
    method: "POST",
    headers,
    signal: AbortSignal.timeout(timeout),
    body: new URLSearchParams({
      grant_type: "client_credentials",
      ...(clientId === undefined ? {} : { client_id: clientId }),
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await readAssertion(settings),
    }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok)
    throw new NetworkError(`HTTP ${response.status}`, { response, responseData: answer });
  return (answer as { access_token: string }).access_token;
}

async function readAssertion({ jwtToken, jwtTokenFile = "" }: Settings): Promise<string> {
  if (jwtToken !== undefined) return jwtToken;
  const text = await readFile(jwtTokenFile, "utf8").catch((error: unknown) => {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ProviderError(`jwt_token_file "${jwtTokenFile}" cannot be read (${code})`);
  });
  return text.trim();
}
