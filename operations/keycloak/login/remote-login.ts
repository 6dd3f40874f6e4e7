import { UnavailableError } from "../../../text/errors.ts";
import { adminClient, keycloakAnswers, type Login, loginFrom } from "./admin.ts";
import { warnOfOldServer } from "./server-version.ts";

/**
 * The login of the KEYCLOAK_* variables for a Keycloak that runs elsewhere. Warns if that Keycloak is too old.
 *
 * @param baseUrl Keycloak's address with its base path
 * @throws UnavailableError if it does not answer, or there is no login that it accepts
 */
export async function remoteLogin(baseUrl: string, variables: NodeJS.ProcessEnv): Promise<Login> {
  if (!(await keycloakAnswers(baseUrl))) {
    throw new UnavailableError(
      `Keycloak at ${baseUrl} does not answer; start it, or check KEYCLOAK_URL and KEYCLOAK_BASE_PATH`,
    );
  }
  const login = loginFrom(baseUrl, variables);
  if (!login) {
    throw new UnavailableError(
      `there is no login for Keycloak at ${baseUrl}; set KEYCLOAK_CLIENT_ID with KEYCLOAK_CLIENT_SECRET or KEYCLOAK_JWT_TOKEN_FILE, or KEYCLOAK_USER and KEYCLOAK_PASSWORD`,
    );
  }
  await warnOfOldServer(await adminClient(login));
  return login;
}
