import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Environment, loadEnvironment } from "../../configuration/environment.ts";
import { checkout } from "../../system/folders.ts";
import { UnavailableError, UsageError } from "../../text/errors.ts";
import { usesLocalKeycloak } from "../choose-keycloak.ts";
import { localKeycloak } from "../keycloak/keycloak.ts";
import { declarationFolder, demoProject } from "../local-project.ts";
import { start, type Started, type StartOptions } from "../start.ts";

/** Whether this checkout has the examples. A team may delete them. */
export const hasExamples = existsSync(join(checkout, declarationFolder, "main.ts"));

/** The environment of the demo, and the variables that its programs run with. */
export interface DemoSettings {
  readonly environment: Environment;
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * Reads the demo's own environment. REALM_ENV and CUSTOMERS_FILE have no effect, because they name the team's files.
 *
 * @throws UnavailableError if the examples are deleted
 * @throws UsageError if the environment refers to another Keycloak than the local one
 */
export async function demoSettings(given: NodeJS.ProcessEnv): Promise<DemoSettings> {
  if (!hasExamples)
    throw new UnavailableError(
      `the demo needs ${declarationFolder}/, which is not in this checkout; restore examples/ from Git, then run npm ci`,
    );
  // the base path that Keycloak runs with: another one would restart it
  const KEYCLOAK_BASE_PATH = given.KEYCLOAK_BASE_PATH || (await localKeycloak())?.basePath || "";
  const folder = join(checkout, declarationFolder);
  // the whole path: a message about "customers.yaml" would be about the team's file
  const files = { REALM_ENV: "local", CUSTOMERS_FILE: join(folder, "customers.yaml") };
  const variables = { ...given, ...files, KEYCLOAK_BASE_PATH };
  const environment = loadEnvironment(variables, folder);
  if (usesLocalKeycloak(environment, variables)) return { environment, variables };
  throw new UsageError(
    `the demo creates people, so it uses only the local Keycloak; run it without KEYCLOAK_URL, and with an address at localhost in ${declarationFolder}/environments/local.yaml`,
  );
}

/** Starts Keycloak if necessary, and deploys the demo's declaration in a realm of its own. See {@link start}. */
export function startDemoRealm(
  { environment, variables }: DemoSettings,
  options: Pick<StartOptions, "interrupted" | "progress">,
): Promise<Started> {
  const project = { project: demoProject, asAdministrator: true };
  return start(environment, { ...options, ...project, variables });
}
