import { type Environment, loadEnvironment } from "../configuration/environment.ts";
import { type Login, loginFrom } from "../operations/keycloak/login/admin.ts";
import { type ChosenKeycloak, remoteTarget, type Target } from "../operations/terraform/target.ts";
import { isOnThisMachine } from "../system/addresses.ts";
import { UnavailableError } from "../text/errors.ts";
import { localKeycloak } from "./keycloak/keycloak.ts";
import { teamProject } from "./local-project.ts";
import { addressVariables, localTarget, needUsableState } from "./local-target.ts";
import { deployerLogin, ensureLogins, everydayLogin, readLogins } from "./logins.ts";

/**
 * Chooses between the local Keycloak, which `npm start` runs, and a remote one.
 *
 * @throws UnavailableError if the environment refers to the local Keycloak and it does not run
 */
export async function chooseKeycloak(
  environment: Environment,
  variables: NodeJS.ProcessEnv,
): Promise<ChosenKeycloak> {
  if (!usesLocalKeycloak(environment, variables)) {
    let found: Promise<Target> | undefined;
    const target = () => (found ??= remoteTarget(environment, variables));
    return { variables, target, prepare: () => void target().catch(() => undefined) };
  }
  const keycloak = await localKeycloak();
  if (!keycloak)
    throw new UnavailableError("no Keycloak of this checkout is running; npm start starts it");
  return {
    // the port may differ from the one in the environment's file
    variables: { ...variables, ...addressVariables(keycloak) },
    target: async (realm) => {
      await needUsableState(teamProject, realm);
      const login = await everydayLogin(keycloak.baseUrl, realm, await ensureLogins());
      return localTarget(teamProject, keycloak, login, variables);
    },
  };
}

/**
 * The Keycloak of the environment with a number of shards.
 *
 * @param shards the number of shards, by default that of the environment
 * @throws as {@link chooseKeycloak}
 */
export function keycloakWithShards(
  shards: number | undefined,
  variables: NodeJS.ProcessEnv,
): Promise<ChosenKeycloak> {
  const chosen = shards === undefined ? variables : { ...variables, SHARDS: String(shards) };
  return chooseKeycloak(loadEnvironment(chosen), chosen);
}

/** Whether an environment refers to the local Keycloak: it is at localhost, and KEYCLOAK_URL names no other. */
export function usesLocalKeycloak(
  { keycloak }: Environment,
  { KEYCLOAK_URL }: NodeJS.ProcessEnv,
): boolean {
  return !KEYCLOAK_URL && isOnThisMachine(keycloak.url);
}

/**
 * The login to read a realm with: that of the KEYCLOAK_* variables, or else, for the local Keycloak, its deployer's.
 *
 * @throws UnavailableError if there is neither
 */
export async function chooseLogin(
  environment: Environment,
  realm: string,
  variables: NodeJS.ProcessEnv,
): Promise<Login> {
  const { baseUrl } = environment;
  const isLocal = usesLocalKeycloak(environment, variables);
  const login = loginFrom(baseUrl, variables) ?? (isLocal ? await localDeployer(realm) : undefined);
  if (login) return login;
  const remedy = isLocal ? "run npm start" : "set the KEYCLOAK_* variables of a login";
  throw new UnavailableError(`there is no login for Keycloak at ${baseUrl}; ${remedy}`);
}

async function localDeployer(realm: string): Promise<Login | undefined> {
  const keycloak = await localKeycloak();
  const logins = await readLogins();
  return keycloak && logins && deployerLogin(keycloak.baseUrl, realm, logins);
}
