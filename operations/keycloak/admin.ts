import KcAdminClient, { NetworkError } from "@keycloak/keycloak-admin-client";
import type { Credentials } from "@keycloak/keycloak-admin-client/lib/utils/auth.js";
import { interruption, isAbortError } from "../../system/interruption.ts";
import { answers } from "../../system/readiness.ts";
import { UnavailableError } from "../../text/errors.ts";

/** The address of a Keycloak and the credentials of an identity there. The fields follow the Terraform provider's variables. */
export interface Login {
  /** The server's address with its base path, without a trailing slash. */
  readonly baseUrl: string;
  /** The realm of the identity. */
  readonly realm: string;
  /** The client that logs in: a service account's, or the one that a user logs in through. */
  readonly clientId: string;
  /** The service account's secret. */
  readonly clientSecret?: string;
  /** The user's name, if a user logs in. */
  readonly username?: string;
  /** The user's password. */
  readonly password?: string;
  /**
   * What to do if Keycloak refuses it, for the message.
   * @default "check the KEYCLOAK_* variables"
   */
  readonly remedy?: string;
}

/** Whether a Keycloak answers at an address with its base path. */
export function keycloakAnswers(baseUrl: string): Promise<boolean> {
  return answers(`${baseUrl}/realms/master`);
}

/**
 * The login in the KEYCLOAK_* variables, as the Terraform provider reads them. It is KEYCLOAK_CLIENT_ID with KEYCLOAK_CLIENT_SECRET,
 * or KEYCLOAK_USER with KEYCLOAK_PASSWORD, by default through the client `admin-cli`. KEYCLOAK_REALM is the realm, by default `master`.
 *
 * @returns undefined if they contain no login
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

/** The variables that contain exactly this login, as {@link loginFrom} reads them. */
export function loginVariables(login: Login): NodeJS.ProcessEnv {
  return {
    KEYCLOAK_REALM: login.realm,
    KEYCLOAK_CLIENT_ID: login.clientId,
    KEYCLOAK_CLIENT_SECRET: login.clientSecret,
    KEYCLOAK_USER: login.username,
    KEYCLOAK_PASSWORD: login.password,
  };
}

/**
 * Logs in to Keycloak's Admin REST API.
 *
 * @param isUninterrupted whether the requests have to be finished, also after an {@link interruption}
 * @throws UnavailableError if Keycloak cannot be reached (transient) or refuses the login (not transient)
 * @throws the reason of the interruption
 * @see https://www.keycloak.org/docs-api/latest/rest-api/index.html
 */
export async function adminClient(login: Login, isUninterrupted = false): Promise<KcAdminClient> {
  const { baseUrl, realm } = login;
  const client = new KcAdminClient({
    baseUrl,
    realmName: realm,
    requestOptions: requestOptions(isUninterrupted),
  });
  const credentials = credentialsOf(login);
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
    throw isAbortError(error) ? error : loginFailure(login, error);
  }
  return client;
}

/** The grant of a login, with its credentials. */
export function credentialsOf({ clientId, clientSecret, username, password }: Login): Credentials {
  return username === undefined
    ? { grantType: "client_credentials", clientId, clientSecret: clientSecret ?? "" }
    : { grantType: "password", clientId, username, password: password ?? "" };
}

/** Half the default lifespan of an administrator's token, in seconds. */
const tokenSeconds = 30;

/** Time limit of an answer, in milliseconds: the same as in Terraform's provider. */
const timeout = 15_000;

/** Options of requests to Keycloak. Each request reads them, and gets a time limit of its own. */
export function requestOptions(isUninterrupted = false): RequestInit {
  return {
    get signal() {
      const limit = new AbortController();
      // AbortSignal.any alone does not keep a signal of AbortSignal.timeout: it may be collected before it fires
      const reason = new DOMException("it did not answer in time", "TimeoutError");
      setTimeout(() => {
        limit.abort(reason);
      }, timeout).unref();
      return isUninterrupted ? limit.signal : AbortSignal.any([limit.signal, interruption]);
    },
  };
}

function loginFailure(
  { baseUrl, realm, clientId, username, remedy = "check the KEYCLOAK_* variables" }: Login,
  error: unknown,
): UnavailableError {
  if (!(error instanceof NetworkError)) {
    const message = `Keycloak at ${baseUrl} does not answer; check its address, or start it`;
    return new UnavailableError(message, { isTransient: true });
  }
  const identity = username === undefined ? `the client "${clientId}"` : `the user "${username}"`;
  // RFC 6749, section 5.2: Keycloak refuses with an error code; a proxy in front of it answers without one
  const code = (error.responseData as { error?: unknown } | undefined)?.error;
  const { status } = error.response;
  const isUnknown = status === 404 && typeof code === "string";
  return new UnavailableError(
    `Keycloak at ${baseUrl} refuses ${identity} of the realm "${realm}" (HTTP ${status}); ${isUnknown ? "it has no such realm" : remedy}`,
    { isTransient: typeof code !== "string" },
  );
}
