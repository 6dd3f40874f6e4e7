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
import { ensureLocalKeycloak, stopLocalKeycloak } from "./keycloak/keycloak.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { administratorLogin, ensureLogins, everydayLogin, keepLogins } from "./logins.ts";
import { usesLocalKeycloak } from "./choose-keycloak.ts";
import { addressVariables, localTarget } from "./local-target.ts";

/**
 * A Keycloak that equals the declaration. When it goes out of scope, a Keycloak that was started for it is stopped, if the start
 * was interrupted or {@link StartOptions.stopAfterwards} is set.
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
  /** Whether to stop a Keycloak that was started for this as soon as it is no longer needed. */
  readonly stopAfterwards: boolean;
  readonly variables: NodeJS.ProcessEnv;
  /** Stops the start gracefully. */
  readonly interrupted: AbortSignal;
  readonly progress: StartProgress;
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
 * Deploys the declaration, to a local Keycloak that it starts if necessary, or to the one that the environment or KEYCLOAK_URL names.
 *
 * @throws UnavailableError if something needed is missing
 * @throws RefusedError if the change is refused
 */
export async function start(environment: Environment, options: StartOptions): Promise<Started> {
  const { variables, interrupted, progress } = options;
  if (!usesLocalKeycloak(environment, variables)) return startRemote(environment, options);
  const { basePath } = environment.keycloak;
  const keycloak = await ensureLocalKeycloak({ basePath, variables, interrupted });
  progress.onKeycloak(keycloak.baseUrl, keycloak.startedNow);
  const stop = async () => {
    if (keycloak.startedNow && (options.stopAfterwards || interrupted.aborted))
      await stopLocalKeycloak();
  };
  try {
    const deployed = await deployLocal(keycloak, options);
    return { ...deployed, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startRemote(environment: Environment, options: StartOptions): Promise<Started> {
  const { variables } = options;
  const target = await remoteTarget(environment, variables);
  const synthesis = await synthesize(outdir, variables);
  await deploy(synthesis, target, options);
  const { login } = target;
  const nothing = () => Promise.resolve();
  return { synthesis, baseUrl: login.baseUrl, login, [Symbol.asyncDispose]: nothing };
}

async function deployLocal(
  keycloak: RunningKeycloak,
  options: StartOptions,
): Promise<Omit<Started, typeof Symbol.asyncDispose>> {
  const { variables, asAdministrator } = options;
  const { baseUrl } = keycloak;
  const synthesis = await synthesize(outdir, { ...variables, ...addressVariables(keycloak) });
  const { realm } = synthesis.declaration;
  const logins = await ensureLogins();
  const login = asAdministrator
    ? administratorLogin(baseUrl, logins)
    : await everydayLogin(baseUrl, realm, logins);
  await deploy(synthesis, localTarget(keycloak, login, variables), options);
  if (login.clientId !== deployerClientId) {
    const { clientSecret } = await ensureDeployer(await adminClient(login), realm);
    await keepLogins({ ...logins, deployerSecret: clientSecret });
  }
  return { synthesis, baseUrl, login };
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
