import type { Environment } from "../configuration/environment.ts";
import { deployerClientId } from "../constructs/names/reserved-names.ts";
import { forgetImports } from "../operations/deployment/adoption.ts";
import { applyPlan } from "../operations/deployment/apply-plan.ts";
import { planDeployment } from "../operations/deployment/planning.ts";
import { refuseRealmChange } from "../operations/deployment/refuse-realm-change.ts";
import { adminClient, type Login } from "../operations/keycloak/admin.ts";
import { ensureDeployer } from "../operations/keycloak/deployer.ts";
import { effective, type ResourceChange, type Planned } from "../operations/terraform/plan.ts";
import { outdir, synthesize, type Synthesis } from "../operations/terraform/synthesize.ts";
import { remoteTarget, type Target } from "../operations/terraform/target.ts";
import { TerraformRun } from "../operations/terraform/terraform-run.ts";
import { RefusedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import { ensureLocalKeycloak, localKeycloak, stopKeycloak } from "./keycloak/keycloak.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { withCheckoutLock } from "./lock.ts";
import { administratorLogin, ensureLogins, everydayLogin, keepLogins } from "./logins.ts";
import { usesLocalKeycloak } from "./choose-keycloak.ts";
import { addressVariables, localTarget, needUsableState } from "./local-target.ts";

/**
 * A Keycloak that matches the declaration. If it goes out of scope (`await using`), a Keycloak that was started for it is stopped. This fails
 * if another command of this checkout starts, stops or deletes Keycloak for more than 12 s.
 */
export interface Started extends AsyncDisposable {
  readonly synthesis: Synthesis;
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  /** The identity that deployed. */
  readonly login: Login;
}

/** Options of a start. */
export interface StartOptions {
  /** Whether to deploy as the administrator, which a change to the realm itself needs. */
  readonly asAdministrator: boolean;
  readonly variables: NodeJS.ProcessEnv;
  /** Stops the start gracefully. */
  readonly interrupted: AbortSignal;
  readonly progress: StartProgress;
  /**
   * Verifies the deployed Keycloak, while no other command of this checkout stops the local one.
   * @default no verification
   */
  readonly verify?: (started: Started) => Promise<void>;
}

/** Receives the progress of a start. */
export interface StartProgress {
  /** Keycloak answers. */
  readonly onKeycloak: (baseUrl: string, startedNow: boolean) => void;
  /** Called before the changes are applied; there may be none. */
  readonly onPlanned: (changes: readonly ResourceChange[]) => void;
  /** A resource is done. */
  readonly onDone: (address: string, action: string) => void;
}

/**
 * Deploys the declaration and verifies it. The target is the Keycloak that the environment or KEYCLOAK_URL names, or a local one, which is
 * started if necessary. If a step fails, a Keycloak that was started is stopped.
 *
 * @throws UnavailableError if something needed is missing
 * @throws RefusedError if the change is refused
 */
export function start(environment: Environment, options: StartOptions): Promise<Started> {
  const { variables, interrupted } = options;
  return usesLocalKeycloak(environment, variables)
    ? withCheckoutLock(() => startLocal(environment, options), interrupted)
    : startRemote(environment, options);
}

async function startRemote(environment: Environment, options: StartOptions): Promise<Started> {
  const { variables } = options;
  const target = await remoteTarget(environment, variables);
  const synthesis = await synthesize(outdir, variables);
  await deploy(synthesis, target, options);
  const { login } = target;
  const disposal = { [Symbol.asyncDispose]: () => Promise.resolve() };
  const started = { synthesis, baseUrl: login.baseUrl, login, ...disposal };
  await options.verify?.(started);
  return started;
}

async function startLocal(environment: Environment, options: StartOptions): Promise<Started> {
  const { variables, interrupted, progress } = options;
  const { basePath, url } = environment.keycloak;
  const synthesizeFor = (address: Parameters<typeof addressVariables>[0]) =>
    synthesize(outdir, { ...variables, ...addressVariables(address) });
  // before Keycloak: a mistake in the declaration, a folder that cannot be written to, or a damaged state is found at once
  const expected = (await localKeycloak()) ?? { url, basePath };
  const early = await synthesizeFor(expected);
  await needUsableState();
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
  const synthesis = isExpected ? early : await synthesizeFor(keycloak);
  const login = await deployLocal(keycloak, synthesis, options);
  const started = {
    ...{ synthesis, baseUrl, login },
    async [Symbol.asyncDispose]() {
      if (startedNow) await withCheckoutLock(stop);
    },
  };
  await options.verify?.(started);
  cleanup.isNeeded = false;
  return started;
}

/** @returns the identity that deployed */
async function deployLocal(
  keycloak: RunningKeycloak,
  synthesis: Synthesis,
  options: StartOptions,
): Promise<Login> {
  const { variables, asAdministrator } = options;
  const { realm } = synthesis.declaration;
  const logins = await ensureLogins();
  const login = asAdministrator
    ? administratorLogin(keycloak.baseUrl, logins)
    : await everydayLogin(keycloak.baseUrl, realm, logins);
  await deploy(synthesis, localTarget(keycloak, login, variables), options);
  if (login.clientId !== deployerClientId) {
    const { clientSecret } = await ensureDeployer(await adminClient(login), realm);
    await keepLogins({ ...logins, deployerSecret: clientSecret });
  }
  return login;
}

const planFile = "start.tfplan";

async function deploy(
  { folder, declaration: { realm } }: Synthesis,
  target: Target,
  { interrupted, progress }: StartOptions,
): Promise<void> {
  interrupted.throwIfAborted();
  await using run = await TerraformRun.open(folder, target);
  try {
    const planned = await planDeployment(run, realm, planFile, interrupted);
    const changes = effective(planned.changes);
    progress.onPlanned(changes);
    if (changes.length === 0) return;
    refuseAdoption(planned);
    refuseRealmChange(run.login, changes, "npm start -- --as-administrator deploys it");
    interrupted.throwIfAborted();
    await applyPlan(run, realm, planned, planFile, { interrupted, onDone: progress.onDone });
  } finally {
    await forgetImports(run.workspace);
  }
}

/** Refuses to import clients in use: there is no question here, and their customers would lose the secrets that they use. */
function refuseAdoption({ adopted }: Planned): void {
  if (adopted.length === 0) return;
  const options = adopted.map((id) => ` --allow-replacement ${id}`).join("");
  const ids = adopted.map((id) => quoted(id)).join(", ");
  throw new RefusedError(
    `these clients are in Keycloak but not in terraform's state, and may be in use: ${ids}; restore the state, or import them, which gives each a new secret: npm run deploy --${options}`,
  );
}
