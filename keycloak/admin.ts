import KcAdminClient, { NetworkError } from "@keycloak/keycloak-admin-client";
import { ExplainedError } from "../text/errors.ts";

/** Where a Keycloak is and who asks it, in the words of the Terraform provider's variables. */
export interface Login {
  /** The server's address with its base path, without a slash last. */
  readonly baseUrl: string;
  /** The realm that knows the identity. */
  readonly realm: string;
  /** The client that asks: a service account's, or the one that a user logs in through. */
  readonly clientId: string;
  /** The service account's secret. */
  readonly clientSecret?: string;
  /** The user's name, where a user logs in. */
  readonly username?: string;
  /** The user's password. */
  readonly password?: string;
}

/**
 * The login that the KEYCLOAK_* variables hold, as the Terraform provider reads them: KEYCLOAK_CLIENT_ID and
 * KEYCLOAK_CLIENT_SECRET, or KEYCLOAK_USER and KEYCLOAK_PASSWORD (through the client `admin-cli`), of KEYCLOAK_REALM (default
 * `master`).
 *
 * @returns undefined if they hold none
 */
export function loginFrom(baseUrl: string, variables: NodeJS.ProcessEnv): Login | undefined {
  const { KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET, KEYCLOAK_USER, KEYCLOAK_PASSWORD } =
    variables;
  const base = { baseUrl, realm: variables.KEYCLOAK_REALM || "master" };
  if (KEYCLOAK_USER && KEYCLOAK_PASSWORD) {
    return {
      ...base,
      clientId: KEYCLOAK_CLIENT_ID || "admin-cli",
      username: KEYCLOAK_USER,
      password: KEYCLOAK_PASSWORD,
    };
  }
  if (KEYCLOAK_CLIENT_ID && KEYCLOAK_CLIENT_SECRET) {
    return { ...base, clientId: KEYCLOAK_CLIENT_ID, clientSecret: KEYCLOAK_CLIENT_SECRET };
  }
  return undefined;
}

/** The variables that hold a login and no other: what {@link loginFrom} reads. */
export function loginVariables(login: Login): NodeJS.ProcessEnv {
  return {
    KEYCLOAK_REALM: login.realm,
    KEYCLOAK_CLIENT_ID: login.clientId,
    KEYCLOAK_CLIENT_SECRET: login.clientSecret,
    KEYCLOAK_USER: login.username,
    KEYCLOAK_PASSWORD: login.password,
  };
}

/** Keycloak takes a login no more, or never did: to wait would not help. */
export class RefusedLogin extends ExplainedError {}

/**
 * Logs in to Keycloak's Admin REST API.
 *
 * @throws ExplainedError (3) if Keycloak cannot be reached, and {@link RefusedLogin} (3) if it refuses the login
 * @see https://www.keycloak.org/docs-api/latest/rest-api/index.html
 */
export async function adminClient(login: Login): Promise<KcAdminClient> {
  const { baseUrl, realm, clientId, clientSecret, username, password } = login;
  const client = new KcAdminClient({ baseUrl, realmName: realm, timeout });
  const credentials: Parameters<typeof client.auth>[0] =
    username === undefined
      ? { grantType: "client_credentials", clientId, clientSecret: clientSecret ?? "" }
      : { grantType: "password", clientId, username, password: password ?? "" };
  let renewAt = 0;
  client.registerTokenProvider({
    getAccessToken: async () => {
      if (Date.now() > renewAt) {
        await client.auth(credentials);
        renewAt = Date.now() + tokenSeconds * 1_000;
      }
      return client.accessToken;
    },
  });
  try {
    await client.getAccessToken();
  } catch (error) {
    throw refused(login, error);
  }
  return client;
}

/** Half of what Keycloak gives an administrator's token by default. */
const tokenSeconds = 30;

/** How long an answer may take, in milliseconds: as long as Terraform's provider waits. */
const timeout = 15_000;

function refused({ baseUrl, realm, clientId, username }: Login, error: unknown): ExplainedError {
  if (!(error instanceof NetworkError)) {
    return new ExplainedError(
      3,
      `Keycloak at ${baseUrl} does not answer; check its address, or start it`,
    );
  }
  const who = username === undefined ? `the client "${clientId}"` : `the user "${username}"`;
  // RFC 6749: a refusal has an error's code; what stands before Keycloak answers without one
  const code = (error.responseData as { error?: unknown } | undefined)?.error;
  const kind = typeof code === "string" ? RefusedLogin : ExplainedError;
  return new kind(
    3,
    `Keycloak at ${baseUrl} refuses ${who} of the realm "${realm}" (HTTP ${error.response.status}); check the KEYCLOAK_* variables`,
  );
}
