import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { Environment } from "../../configuration/environment.ts";
import { UnavailableError } from "../../text/errors.ts";
import {
  adminClient,
  keycloakAnswers,
  type Login,
  loginFrom,
  loginVariables,
} from "../keycloak/admin.ts";
import { outdir } from "./synthesize.ts";
import { terraformVariables } from "./terraform.ts";

/** The login and the variables that terraform needs to work on a Keycloak. */
export interface Target {
  /** The identity that deploys. */
  readonly login: Login;
  /** See {@link terraformVariables}. */
  readonly variables: NodeJS.ProcessEnv;
}

/** The Keycloak that an environment refers to. */
export interface ChosenKeycloak {
  /** The variables to synthesize with, so that the declaration names this Keycloak's address. */
  readonly variables: NodeJS.ProcessEnv;
  /**
   * The target for a realm of it.
   *
   * @throws UnavailableError if it does not answer or refuses the login
   */
  target(realm: string): Promise<Target>;
}

/**
 * The target for a remote Keycloak, with the login from the KEYCLOAK_* variables.
 *
 * @throws UnavailableError if it does not answer, or there is no login that it accepts
 */
export async function remoteTarget(
  { name, baseUrl }: Environment,
  variables: NodeJS.ProcessEnv,
): Promise<Target> {
  if (!(await keycloakAnswers(baseUrl))) {
    throw new UnavailableError(
      `Keycloak at ${baseUrl} does not answer; start it, or check KEYCLOAK_URL and KEYCLOAK_BASE_PATH`,
    );
  }
  const login = loginFrom(baseUrl, variables);
  if (!login) {
    throw new UnavailableError(
      `there is no login for Keycloak at ${baseUrl}; set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET, or KEYCLOAK_USER and KEYCLOAK_PASSWORD`,
    );
  }
  await adminClient(login);
  // one folder per environment: the state backend that terraform remembers must not depend on the previous environment
  const TF_DATA_DIR = resolve(outdir, "terraform", name);
  await mkdir(TF_DATA_DIR, { recursive: true });
  // the complete login: the official provider has no default client that a user logs in through
  const all = { TF_DATA_DIR, ...variables, ...loginVariables(login) };
  return { login, variables: terraformVariables(all) };
}
