import { join } from "node:path";
import type { Environment } from "../configuration/environment.ts";
import { adminClient, type Login, loginFrom, loginVariables } from "../keycloak/admin.ts";
import { deployerClientId } from "../keycloak/built-in.ts";
import { terraformVariables } from "../terraform/terraform.ts";
import { ExplainedError } from "../text/errors.ts";
import { stateFolder } from "./folders.ts";
import { ownKeycloak } from "./keycloak/own.ts";
import { keycloakAnswers, type RunningKeycloak } from "./keycloak/server.ts";
import { type Logins, readLogins } from "./logins.ts";

/** Whether an environment means the Keycloak that `npm start` runs, and not one that somebody else does. */
export function meansOwnKeycloak(environment: Environment): boolean {
  return (
    !process.env.KEYCLOAK_URL &&
    ["localhost", "127.0.0.1"].includes(new URL(environment.keycloak.url).hostname)
  );
}

/** The administrator of the Keycloak of this checkout. */
export function administratorLogin(baseUrl: string, { administrator }: Logins): Login {
  return { baseUrl, realm: "master", clientId: "admin-cli", ...administrator };
}

/** The deployer of the Keycloak of this checkout, if it has been made and Keycloak still takes it. */
export async function deployerLogin(
  baseUrl: string,
  realm: string,
  logins: Logins,
): Promise<Login | undefined> {
  if (logins.deployerSecret === undefined) return undefined;
  const login = { baseUrl, realm, clientId: deployerClientId, clientSecret: logins.deployerSecret };
  try {
    await adminClient(login);
    return login;
  } catch (error) {
    if (error instanceof ExplainedError) return undefined;
    throw error;
  }
}

/** The deployer of the Keycloak of this checkout, if `npm start` has made it and Keycloak runs. */
export async function ownLogin(realm: string): Promise<Login | undefined> {
  const keycloak = await ownKeycloak();
  const logins = await readLogins();
  return keycloak && logins && deployerLogin(keycloak.url + keycloak.basePath, realm, logins);
}

/** Where terraform and `main.ts` find a Keycloak. */
export function addressVariables({ url, basePath }: RunningKeycloak): NodeJS.ProcessEnv {
  return { KEYCLOAK_URL: url, KEYCLOAK_BASE_PATH: basePath };
}

/** What terraform needs to work on the Keycloak of this checkout, with its state beside Keycloak's data. */
export function ownVariables(keycloak: RunningKeycloak, login: Login): NodeJS.ProcessEnv {
  return terraformVariables({
    ...process.env,
    ...addressVariables(keycloak),
    ...loginVariables(login),
    TF_DATA_DIR: join(stateFolder(), "terraform"),
    TF_CLI_ARGS_init: `-reconfigure -backend-config=path=${join(stateFolder(), "terraform.tfstate")}`,
  });
}

/**
 * The login that the KEYCLOAK_* variables hold, for the Keycloak that the environment or KEYCLOAK_URL names.
 *
 * @throws ExplainedError (3) if it does not answer, or there is no login that it takes
 */
export async function loginElsewhere({ keycloak }: Environment): Promise<Login> {
  const baseUrl = keycloak.url + keycloak.basePath;
  if (!(await keycloakAnswers(keycloak))) {
    throw new ExplainedError(
      3,
      `Keycloak at ${baseUrl} does not answer; start it, or check KEYCLOAK_URL and KEYCLOAK_BASE_PATH`,
    );
  }
  const login = loginFrom(baseUrl, process.env);
  if (!login) {
    throw new ExplainedError(
      3,
      `there is no login for Keycloak at ${baseUrl}; set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET, or KEYCLOAK_USER and KEYCLOAK_PASSWORD`,
    );
  }
  await adminClient(login);
  return login;
}
