import type { Environment } from "../configuration/environment.ts";
import { adminClient, type Login } from "../keycloak/admin.ts";
import { deployerClientId } from "../keycloak/built-in.ts";
import { ExplainedError } from "../text/errors.ts";
import { ownKeycloak } from "./keycloak/own.ts";
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
