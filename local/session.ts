import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Environment } from "../configuration/environment.ts";
import { type Login, loginVariables } from "../keycloak/admin.ts";
import { plan, type ResourceChange } from "../terraform/plan.ts";
import { outdir, type Synthesis } from "../terraform/synthesize.ts";
import { terraform, terraformVariables, type Workspace } from "../terraform/terraform.ts";
import { ExplainedError } from "../text/errors.ts";
import { ownKeycloak } from "./keycloak/own.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { ensureLogins } from "./logins.ts";
import { needProgram } from "./programs.ts";
import { chooseProvider } from "./provider-choice.ts";
import {
  addressVariables,
  administratorLogin,
  deployerLogin,
  loginElsewhere,
  meansOwnKeycloak,
  ownVariables,
} from "./target.ts";

/** Terraform on a synthesized declaration, at work on a Keycloak. */
export interface Session {
  readonly workspace: Workspace;
  /** Who works. */
  readonly login: Login;
}

/**
 * Lets terraform work on the Keycloak that the environment means, with whichever provider there is.
 *
 * @throws ExplainedError (3) if Keycloak or terraform's state cannot be reached
 */
export async function inSession<T>(
  { folder, declaration }: Synthesis,
  environment: Environment,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const target = meansOwnKeycloak(environment)
    ? await ownTarget(declaration.realm)
    : await targetOf(environment);
  return withTerraform(folder, target, use);
}

/**
 * Lets terraform work on a synthesized stack, with whichever provider there is.
 *
 * @param folder the stack's
 * @throws ExplainedError (3) if there is no terraform, or its state cannot be reached
 */
export async function withTerraform<T>(
  folder: string,
  { login, variables }: Target,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  await needProgram("terraform", variables);
  const provider = await chooseProvider(variables);
  console.error(`terraform works with ${provider.description}`);
  try {
    const workspace = { folder, variables: provider.variables };
    // -upgrade: the version is pinned in the code, and an older one's lock may lie in the folder
    await unreachable(terraform(workspace, ["init", "-no-color", "-upgrade"]));
    return await use({ workspace, login });
  } finally {
    await provider.stop();
  }
}

/**
 * Every resource, and what an apply would do to it now; nothing is applied and nothing is kept.
 *
 * @throws ExplainedError (3) if terraform cannot plan: Keycloak or the state cannot be reached
 */
export async function plannedChanges(
  synthesis: Synthesis,
  environment: Environment,
): Promise<ResourceChange[]> {
  return inSession(synthesis, environment, ({ workspace }) =>
    unreachable(plan(workspace, join(resolve(synthesis.folder), "planned.tfplan"))),
  );
}

/** Where terraform's refusal means that something it needs is not there. */
async function unreachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ExplainedError ? new ExplainedError(3, error.message) : error;
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

/** A Keycloak, and what terraform needs to work on it. */
export interface Target {
  readonly login: Login;
  /** See {@link terraformVariables}. */
  readonly variables: NodeJS.ProcessEnv;
}

async function ownTarget(realm: string): Promise<Target> {
  const keycloak = await runningKeycloak();
  const logins = await ensureLogins();
  const baseUrl = keycloak.url + keycloak.basePath;
  const deployer = await deployerLogin(baseUrl, realm, logins);
  const login = deployer ?? administratorLogin(baseUrl, logins);
  return { login, variables: ownVariables(keycloak, login) };
}

/**
 * The Keycloak that somebody else runs.
 *
 * @throws ExplainedError (3) if it does not answer, or there is no login that it takes
 */
export async function targetOf(environment: Environment): Promise<Target> {
  const login = await loginElsewhere(environment);
  // a folder for each environment: which back end terraform remembers must not hang on the one that was chosen before
  const TF_DATA_DIR = resolve(outdir, "terraform", environment.name);
  await mkdir(TF_DATA_DIR, { recursive: true });
  // the login in full: the official provider knows no client to log a user in through
  const variables = { TF_DATA_DIR, ...process.env, ...loginVariables(login) };
  return { login, variables: terraformVariables(variables) };
}
