import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../configuration/environment.ts";
import { plan, type ResourceChange } from "../terraform/plan.ts";
import type { Synthesis } from "../terraform/synthesize.ts";
import { terraform, terraformVariables } from "../terraform/terraform.ts";
import { ExplainedError } from "../text/errors.ts";
import { ownKeycloak } from "./keycloak/own.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { ensureLogins } from "./logins.ts";
import { chooseProvider } from "./provider-choice.ts";
import {
  addressVariables,
  administratorLogin,
  deployerLogin,
  meansOwnKeycloak,
  ownVariables,
  targetElsewhere,
} from "./target.ts";

/**
 * What an apply of a synthesized declaration would change in the Keycloak that the environment means; nothing is applied and
 * nothing is kept.
 *
 * @throws ExplainedError (3) if Keycloak or terraform's state cannot be reached
 */
export async function plannedChanges(
  { folder, declaration }: Synthesis,
  environment: Environment,
): Promise<ResourceChange[]> {
  const variables = meansOwnKeycloak(environment)
    ? await variablesOfOwn(declaration.realm)
    : await targetElsewhere(environment).then(() => terraformVariables(process.env));
  const provider = await chooseProvider(variables);
  const workspace = { folder, variables: provider.variables };
  const file = "planned.tfplan";
  try {
    await terraform(workspace, ["init", "-no-color"]);
    return await plan(workspace, file);
  } catch (error) {
    throw error instanceof ExplainedError ? new ExplainedError(3, error.message) : error;
  } finally {
    await provider.stop();
    await rm(join(folder, file), { force: true });
  }
}

/**
 * The variables to synthesize with, so that the declaration names the Keycloak that the environment means: the one that `npm start`
 * runs may have taken another port.
 *
 * @throws ExplainedError (3) if that one does not run
 */
export async function synthesisVariables(environment: Environment): Promise<NodeJS.ProcessEnv> {
  if (!meansOwnKeycloak(environment)) return process.env;
  return { ...process.env, ...addressVariables(await runningKeycloak()) };
}

async function runningKeycloak(): Promise<RunningKeycloak> {
  const keycloak = await ownKeycloak();
  if (keycloak) return keycloak;
  throw new ExplainedError(3, "no Keycloak of this checkout runs; npm start starts it");
}

async function variablesOfOwn(realm: string): Promise<NodeJS.ProcessEnv> {
  const keycloak = await runningKeycloak();
  const logins = await ensureLogins();
  const baseUrl = keycloak.url + keycloak.basePath;
  const deployer = await deployerLogin(baseUrl, realm, logins);
  return ownVariables(keycloak, deployer ?? administratorLogin(baseUrl, logins));
}
