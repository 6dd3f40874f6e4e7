import { mkdir } from "node:fs/promises";
import { join, parse, resolve } from "node:path";
import { shardSuffix } from "../../constructs/shards/shard-of.ts";
import type { Environment } from "../../configuration/environment.ts";
import { type Login, loginVariables } from "../keycloak/login/admin.ts";
import { remoteLogin } from "../keycloak/login/remote-login.ts";
import { outdir } from "./synthesis/synthesize.ts";
import { terraformVariables } from "./terraform.ts";

/** The login and the variables that terraform needs to work on a Keycloak. */
export interface Target {
  /** The identity that deploys. */
  readonly login: Login;
  /** See {@link terraformVariables}. */
  readonly variables: NodeJS.ProcessEnv;
  /**
   * Whether it is this checkout's own Keycloak. Nobody else deploys to it, so a realm that is in no state is one that an interrupted start
   * left. The embedded provider may be used there without being asked for.
   */
  readonly isOwn: boolean;
  /** The file for a state that terraform could not store, one for each state. */
  readonly erroredState: string;
  /**
   * The file of the state.
   * @default the state backend of the declaration
   */
  readonly stateFile?: string;
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
  /** Starts to find what does not depend on the realm, while something else takes time. {@link target} reports what fails. */
  readonly prepare?: () => void;
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
  const login = await remoteLogin(baseUrl, variables);
  // one folder per environment: the state backend that terraform remembers must not depend on the previous environment
  const TF_DATA_DIR = resolve(outdir, "terraform", name);
  await mkdir(TF_DATA_DIR, { recursive: true });
  // the complete login: the official provider has no default client that a user logs in through
  const all = { TF_DATA_DIR, ...variables, ...loginVariables(login) };
  return {
    ...{ login, variables: terraformVariables(all), isOwn: false },
    erroredState: resolve(outdir, "errored", `${name}.tfstate`),
  };
}

/** The name of the realm's own stack. */
export const realmStack = "realm";

/** The name of a stack: `realm`, or `customers-3` for the third shard. */
export function stackName(shard: number | undefined): string {
  return shard === undefined ? realmStack : shardSuffix(shard);
}

/** The target of a stack. Each shard has files of its own. */
export function targetOfStack(target: Target, shard: number | undefined): Target {
  if (shard === undefined) return target;
  const suffix = shardSuffix(shard);
  const { variables, erroredState, stateFile } = target;
  const { TF_DATA_DIR } = variables;
  return {
    ...target,
    ...(TF_DATA_DIR && { variables: { ...variables, TF_DATA_DIR: join(TF_DATA_DIR, suffix) } }),
    erroredState: withSuffix(erroredState, suffix),
    ...(stateFile !== undefined && { stateFile: withSuffix(stateFile, suffix) }),
  };
}

function withSuffix(file: string, suffix: string): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${suffix}${ext}`);
}
