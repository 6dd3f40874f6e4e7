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
import { ensureLocalKeycloak, localKeycloak, stopLocalKeycloak } from "./keycloak/keycloak.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { withCheckoutLock } from "./lock.ts";
import { administratorLogin, ensureLogins, everydayLogin, keepLogins } from "./logins.ts";
import { usesLocalKeycloak } from "./choose-keycloak.ts";
import { addressVariables, localTarget } from "./local-target.ts";

/**
 * A Keycloak that equals the declaration. When it goes out of scope, a Keycloak that was started for it is stopped, unless
 * {@link keep} was called.
 */
export interface Started extends AsyncDisposable {
  readonly synthesis: Synthesis;
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  /** The identity that deployed. */
  readonly login: Login;
  /** Lets Keycloak run on. */
  readonly keep: () => void;
}

/** Options of a start. */
export interface StartOptions {
  /** Whether to deploy as the administrator, which a change to the realm itself needs. */
  readonly asAdministrator: boolean;
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
 * If that fails, it stops the Keycloak that it started.
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
  return {
    ...{ synthesis, baseUrl: login.baseUrl, login },
    keep: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function startLocal(environment: Environment, options: StartOptions): Promise<Started> {
  const { variables, interrupted, progress } = options;
  const { basePath, url } = environment.keycloak;
  const synthesizeFor = (address: Parameters<typeof addressVariables>[0]) =>
    synthesize(outdir, { ...variables, ...addressVariables(address) });
  // before Keycloak: a mistake in the declaration, or a folder that cannot be written to, is found at once
  const expected = (await localKeycloak()) ?? { url, basePath };
  const early = await synthesizeFor(expected);
  interrupted.throwIfAborted();
  const keycloak = await ensureLocalKeycloak({ basePath, variables, interrupted });
  const { baseUrl, startedNow } = keycloak;
  try {
    progress.onKeycloak(baseUrl, startedNow);
    const isExpected = expected.url === keycloak.url && expected.basePath === basePath;
    const synthesis = isExpected ? early : await synthesizeFor(keycloak);
    const login = await deployLocal(keycloak, synthesis, options);
    let kept = !startedNow;
    return {
      ...{ synthesis, baseUrl, login },
      keep: () => {
        kept = true;
      },
      [Symbol.asyncDispose]: async () => {
        if (!kept) await withCheckoutLock(stopLocalKeycloak);
      },
    };
  } catch (error) {
    if (startedNow) await stopLocalKeycloak();
    throw error;
  }
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
  await deploy(synthesis, await localTarget(keycloak, login, variables), options);
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
