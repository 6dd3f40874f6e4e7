import KcAdminClient, { NetworkError } from "@keycloak/keycloak-admin-client";
import { isAbortError } from "../../../system/interruption.ts";
import { answers } from "../../../system/programs/readiness.ts";
import { ExplainedError, UnavailableError } from "../../../text/errors.ts";
import { type CredentialsIdentity, sessionOf } from "./credentials-session.ts";
import { FederatedSession } from "./federated-session.ts";
import { requestOptions } from "./request-options.ts";

/** The address of a Keycloak and the credentials of an identity there. The fields follow the Terraform provider's variables. */
export interface Login extends CredentialsIdentity {
  /** The session of a service account that logs in with another issuer's token. */
  readonly session?: FederatedSession;
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
 * KEYCLOAK_JWT_TOKEN or KEYCLOAK_JWT_TOKEN_FILE, or KEYCLOAK_USER with KEYCLOAK_PASSWORD, by default through the client `admin-cli`.
 * KEYCLOAK_REALM is the realm, by default `master`.
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
  if (!KEYCLOAK_CLIENT_ID) return undefined;
  const client = { ...base, clientId: KEYCLOAK_CLIENT_ID };
  if (KEYCLOAK_CLIENT_SECRET) return { ...client, clientSecret: KEYCLOAK_CLIENT_SECRET };
  const { KEYCLOAK_JWT_TOKEN: token, KEYCLOAK_JWT_TOKEN_FILE: file } = variables;
  const source = token ? { token } : file ? { file } : undefined;
  return source && { ...client, session: new FederatedSession(client, source) };
}

/**
 * The variables that contain exactly this login, for Terraform's provider. With another issuer's token, it is the access token that this
 * process has got for it, because that token works once.
 */
export function loginVariables(login: Login): NodeJS.ProcessEnv {
  return {
    KEYCLOAK_REALM: login.realm,
    KEYCLOAK_CLIENT_ID: login.clientId,
    KEYCLOAK_CLIENT_SECRET: login.clientSecret,
    KEYCLOAK_JWT_TOKEN: undefined,
    KEYCLOAK_JWT_TOKEN_FILE: undefined,
    KEYCLOAK_ACCESS_TOKEN: login.session?.latest,
    KEYCLOAK_USER: login.username,
    KEYCLOAK_PASSWORD: login.password,
  };
}

/**
 * Logs in to Keycloak's Admin REST API, unless this process has a token of the login.
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
  client.registerTokenProvider({
    async getAccessToken() {
      const token = await sessionOf(login).accessToken(isUninterrupted);
      client.setAccessToken(token);
      return token;
    },
  });
  try {
    await client.getAccessToken();
  } catch (error) {
    if (isAbortError(error) || error instanceof ExplainedError) throw error;
    throw loginFailure(login, error, await login.session?.describeAssertion());
  }
  return client;
}

function loginFailure(
  { baseUrl, realm, clientId, username, remedy = "check the KEYCLOAK_* variables" }: Login,
  error: unknown,
  assertion?: string,
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
    `Keycloak at ${baseUrl} refuses ${identity} of the realm "${realm}" (HTTP ${status}); ${isUnknown ? "it has no such realm" : (assertion ?? remedy)}`,
    { isTransient: typeof code !== "string" },
  );
}
