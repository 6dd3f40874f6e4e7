import type { Environment } from "../configuration/environment.ts";
import type { RealmDeclaration } from "../constructs/declaration.ts";
import type { Login } from "../operations/keycloak/login/admin.ts";
import { needExistingRealm } from "../operations/keycloak/existing/existing-realm.ts";
import { remoteLogin } from "../operations/keycloak/login/remote-login.ts";
import { declared } from "../operations/terraform/synthesis/declared.ts";
import { needTerraform } from "../operations/terraform/program.ts";
import { EndingSecretError } from "../operations/deployment/rotations.ts";
import { SynthesizedFolder } from "../operations/terraform/synthesis/synthesized-folder.ts";
import { TerraformRuns } from "../operations/terraform/terraform-runs.ts";
import { usesLocalKeycloak } from "./choose-keycloak.ts";
import {
  type DeployProgress,
  deployLocal,
  type LocalDeployOptions,
  UnnamedImportError,
} from "./deploy-local.ts";
import { ensureLocalKeycloak, localKeycloak, stopKeycloak } from "./keycloak/keycloak.ts";
import { addressVariables, needUsableState } from "./local-target.ts";
import { withCheckoutLock } from "./lock.ts";

/**
 * A Keycloak that is to match the declaration. If it goes out of scope (`await using`), a Keycloak that was started for it is stopped. This fails
 * if another command of this checkout starts, stops or deletes Keycloak for more than 12 s.
 */
export interface Started extends AsyncDisposable {
  readonly declaration: RealmDeclaration;
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  /** The identity that deployed, or that reads a remote Keycloak. */
  readonly login: Login;
}

/** Options of a start. */
export interface StartOptions extends LocalDeployOptions {
  readonly progress: StartProgress;
  /**
   * Verifies the deployed Keycloak, while no other command of this checkout stops the local one.
   * @default no verification
   */
  readonly verify?: (started: Started) => Promise<void>;
}

/** Receives the progress of a start. */
export interface StartProgress extends DeployProgress {
  /** Keycloak answers. */
  readonly onKeycloak: (baseUrl: string, startedNow: boolean) => void;
}

/**
 * Deploys the declaration to the local Keycloak, which is started if necessary, and verifies it. If a step fails, a Keycloak that was started
 * is stopped. A remote Keycloak, which the environment or KEYCLOAK_URL names, is only verified.
 *
 * @throws UnavailableError if something needed is missing
 * @throws RefusedError if the change is refused
 */
export function start(environment: Environment, options: StartOptions): Promise<Started> {
  const { variables, interrupted } = options;
  return usesLocalKeycloak(environment, variables)
    ? withCheckoutLock(() => startLocal(environment, options), interrupted)
    : verifyRemote(environment, options);
}

async function verifyRemote(
  environment: Environment,
  { variables, verify }: StartOptions,
): Promise<Started> {
  const login = await remoteLogin(environment.baseUrl, variables);
  const declaration = await declared(variables);
  await needExistingRealm(declaration, login);
  const started = {
    ...{ declaration, baseUrl: login.baseUrl, login },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await verify?.(started);
  return started;
}

async function startLocal(environment: Environment, options: StartOptions): Promise<Started> {
  const { project, variables, interrupted, progress } = options;
  const { basePath, url } = environment.keycloak;
  const synthesizeFor = (address: Parameters<typeof addressVariables>[0]) =>
    SynthesizedFolder.create({ ...variables, ...addressVariables(address) }, project.sources);
  TerraformRuns.prepare(variables);
  // before Keycloak: a mistake in the declaration, a damaged state or a missing program is found at once
  const expected = (await localKeycloak()) ?? { url, basePath };
  await using early = await synthesizeFor(expected);
  await needTerraform(variables);
  await needUsableState(project, early.synthesis.declaration.realm);
  interrupted.throwIfAborted();
  const keycloak = await ensureLocalKeycloak({ basePath, variables, interrupted });
  const { baseUrl, startedNow } = keycloak;
  const stop = () => stopKeycloak(keycloak);
  await using cleanup = {
    isNeeded: startedNow,
    async [Symbol.asyncDispose]() {
      if (this.isNeeded) await stop();
    },
  };
  progress.onKeycloak(baseUrl, startedNow);
  const isExpected = expected.url === keycloak.url && expected.basePath === basePath;
  await using late = isExpected ? undefined : await synthesizeFor(keycloak);
  const synthesized = late ?? early;
  const login = await deployLocal(environment, keycloak, synthesized, options).catch(
    (error: unknown) => {
      if (error instanceof UnnamedImportError || error instanceof EndingSecretError)
        cleanup.isNeeded = false;
      throw error;
    },
  );
  const started = {
    ...{ declaration: synthesized.synthesis.declaration, baseUrl, login },
    async [Symbol.asyncDispose]() {
      if (startedNow) await withCheckoutLock(stop);
    },
  };
  await options.verify?.(started);
  cleanup.isNeeded = false;
  return started;
}
