import type { Environment } from "../configuration/environment.ts";
import { forgetImports } from "../deployment/adoption.ts";
import { makePlan } from "../deployment/planning.ts";
import { refuseRealmChange } from "../deployment/refuse-realm-change.ts";
import { adminClient, type Login } from "../keycloak/admin.ts";
import { makeDeployer } from "../keycloak/deployer.ts";
import type { Planned } from "../review/run.ts";
import { counted, effective } from "../terraform/plan.ts";
import { outdir, synthesize, type Synthesis } from "../terraform/synthesize.ts";
import { ExplainedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import { cdktfDeploy } from "./deploy.ts";
import { ensureOwnKeycloak } from "./keycloak/own.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { ensureLogins, keepLogins } from "./logins.ts";
import { endProcessGroup } from "./processes.ts";
import { type Target, targetOf, withTerraform } from "./session.ts";
import {
  addressVariables,
  administratorLogin,
  deployerLogin,
  meansOwnKeycloak,
  ownVariables,
} from "./target.ts";

/** A Keycloak that is as declared. */
export interface Started {
  readonly synthesis: Synthesis;
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  /** Who deployed. */
  readonly login: Login;
}

/** How to start. */
export interface StartOptions {
  /** Deploy as the administrator, which a change to the realm itself needs. */
  readonly asAdministrator: boolean;
  /** Ends the start in order, and a Keycloak that it started with it. */
  readonly interrupted: AbortSignal;
}

/**
 * Brings a Keycloak up to what is declared: the one that the environment or KEYCLOAK_URL names, or one that it runs on this
 * machine.
 *
 * @param use what to do when it is as declared, still before the start is complete
 * @throws ExplainedError if something is missing (3) or refused (1)
 */
export async function start(
  environment: Environment,
  options: StartOptions,
  use: (started: Started) => Promise<void>,
): Promise<void> {
  if (!meansOwnKeycloak(environment)) return use(await deployElsewhere(environment, options));
  const keycloak = await ensureOwnKeycloak(environment.keycloak.basePath, options.interrupted);
  console.log(
    `Keycloak ${keycloak.startedNow ? "runs" : "still runs"}: ${keycloak.url}${keycloak.basePath}`,
  );
  try {
    await use(await deployOwn(keycloak, options));
    options.interrupted.throwIfAborted();
  } catch (error) {
    if (keycloak.startedNow && options.interrupted.aborted) await endProcessGroup(keycloak.pid);
    throw error;
  }
}

async function deployElsewhere(
  environment: Environment,
  { interrupted }: StartOptions,
): Promise<Started> {
  const target = await targetOf(environment);
  const synthesis = await synthesize(outdir, process.env);
  await deploy(synthesis, target, interrupted);
  const { login } = target;
  return { synthesis, baseUrl: login.baseUrl, login };
}

async function deployOwn(
  keycloak: RunningKeycloak,
  { asAdministrator, interrupted }: StartOptions,
): Promise<Started> {
  const baseUrl = keycloak.url + keycloak.basePath;
  const synthesis = await synthesize(outdir, { ...process.env, ...addressVariables(keycloak) });
  const { realm } = synthesis.declaration;
  const logins = await ensureLogins();
  const deployer = await deployerLogin(baseUrl, realm, logins);
  const administrator = administratorLogin(baseUrl, logins);
  const login = deployer && !asAdministrator ? deployer : administrator;
  await deploy(synthesis, { login, variables: ownVariables(keycloak, login) }, interrupted);
  if (login === administrator) {
    const { clientSecret } = await makeDeployer(await adminClient(administrator), realm);
    await keepLogins({ ...logins, deployerSecret: clientSecret });
  }
  return { synthesis, baseUrl, login };
}

async function deploy(
  { folder, declaration }: Synthesis,
  target: Target,
  interrupted: AbortSignal,
): Promise<void> {
  interrupted.throwIfAborted();
  await withTerraform(folder, target, async (session) => {
    try {
      const planned = await makePlan(session, declaration.realm, "start.tfplan", interrupted);
      const changes = effective(planned.changes);
      if (changes.length === 0) {
        console.log("Keycloak is as declared: nothing to change");
        return;
      }
      refuseAdoption(planned);
      refuseRealmChange(session.login, changes);
      interrupted.throwIfAborted();
      console.log(`cdktf deploy: ${counted(changes)} …`);
      console.log(await cdktfDeploy(outdir, session.workspace.variables, interrupted));
    } finally {
      await forgetImports(session.workspace);
    }
  });
}

/** Nobody is asked here, and customers would lose the secrets that they use. */
function refuseAdoption({ adopted }: Planned): void {
  if (adopted.length === 0) return;
  const options = adopted.map((id) => ` --allow-replacement ${id}`).join("");
  throw new ExplainedError(
    1,
    `terraform's state does not know these clients, which Keycloak has and somebody may use: ${adopted.map((id) => quoted(id)).join(", ")}; restore the state, or let it take them over, each with another secret: npm run deploy --${options}`,
  );
}
