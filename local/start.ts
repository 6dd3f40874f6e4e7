import { join } from "node:path";
import type { Environment } from "../configuration/environment.ts";
import { adminClient, type Login, loginFrom, loginVariables } from "../keycloak/admin.ts";
import { makeDeployer } from "../keycloak/deployer.ts";
import { counted, plan, type ResourceChange } from "../terraform/plan.ts";
import { synthesize, type Synthesis } from "../terraform/synthesize.ts";
import { terraform, terraformVariables } from "../terraform/terraform.ts";
import { ExplainedError } from "../text/errors.ts";
import { cdktfDeploy } from "./deploy.ts";
import { stateFolder } from "./folders.ts";
import { ensureOwnKeycloak } from "./keycloak/own.ts";
import { answers, stopKeycloak } from "./keycloak/server.ts";
import { ensureLogins, keepLogins } from "./logins.ts";
import { embeddedProvider, officialProvider } from "./provider-choice.ts";
import { administratorLogin, deployerLogin, meansOwnKeycloak } from "./target.ts";

const outdir = "cdktf.out";

/** What a start came to. */
export interface Started {
  readonly synthesis: Synthesis;
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  /** Who deployed. */
  readonly login: Login;
}

/**
 * Brings a Keycloak up to what is declared: the one that the environment or KEYCLOAK_URL names, or one that it runs on this
 * machine.
 *
 * @param options.asAdministrator deploy as the administrator, which a change to the realm itself needs
 * @param signal interrupts in order, and ends what was started
 * @throws ExplainedError if something is missing (3) or refused (1)
 */
export async function start(
  environment: Environment,
  options: { readonly asAdministrator: boolean },
  signal: AbortSignal,
): Promise<Started> {
  return meansOwnKeycloak(environment)
    ? startOwn(environment, options, signal)
    : startElsewhere(environment, signal);
}

async function startElsewhere({ keycloak }: Environment, signal: AbortSignal): Promise<Started> {
  const baseUrl = keycloak.url + keycloak.basePath;
  if (!(await answers(keycloak))) {
    throw new ExplainedError(
      3,
      `Keycloak at ${baseUrl} does not answer; start it, or check KEYCLOAK_URL and KEYCLOAK_BASE_PATH`,
    );
  }
  const login = loginFrom(baseUrl, process.env);
  if (!login) {
    throw new ExplainedError(
      3,
      `there is no login for Keycloak at ${baseUrl}; set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET, or KEYCLOAK_USER and KEYCLOAK_PASSWORD`,
    );
  }
  await adminClient(login);
  const synthesis = await synthesize(outdir, process.env);
  await deploy(synthesis, terraformVariables(process.env), () => undefined, signal);
  return { synthesis, baseUrl, login };
}

async function startOwn(
  { keycloak: { basePath } }: Environment,
  { asAdministrator }: { readonly asAdministrator: boolean },
  signal: AbortSignal,
): Promise<Started> {
  const keycloak = await ensureOwnKeycloak(basePath, signal);
  const baseUrl = keycloak.url + basePath;
  console.log(`Keycloak ${keycloak.startedNow ? "runs" : "still runs"}: ${baseUrl}`);
  try {
    const address = { KEYCLOAK_URL: keycloak.url, KEYCLOAK_BASE_PATH: basePath };
    const synthesis = await synthesize(outdir, { ...process.env, ...address });
    const { realm } = synthesis.declaration;
    const logins = await ensureLogins();
    const deployer = await deployerLogin(baseUrl, realm, logins);
    const administrator = administratorLogin(baseUrl, logins);
    const login = deployer && !asAdministrator ? deployer : administrator;
    const variables = terraformVariables({
      ...process.env,
      ...address,
      ...loginVariables(login),
      TF_DATA_DIR: join(stateFolder(), "terraform"),
      TF_CLI_ARGS_init: `-reconfigure -backend-config=path=${join(stateFolder(), "terraform.tfstate")}`,
    });
    await deploy(
      synthesis,
      variables,
      login === deployer ? refuseRealmChange : () => undefined,
      signal,
    );
    if (login === administrator) {
      const deployerSecret = await makeDeployer(await adminClient(administrator), realm);
      await keepLogins({ ...logins, deployerSecret });
    }
    return { synthesis, baseUrl, login };
  } catch (error) {
    if (keycloak.startedNow && signal.aborted) await stopKeycloak(keycloak.pid);
    throw error;
  }
}

async function deploy(
  synthesis: Synthesis,
  variables: NodeJS.ProcessEnv,
  guard: (changes: readonly ResourceChange[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const provider = (await officialProvider(variables)) ?? (await embeddedProvider(variables));
  console.log(`terraform works with ${provider.description}`);
  try {
    const workspace = { folder: synthesis.folder, variables: provider.variables };
    await terraform(workspace, ["init", "-no-color"]);
    const changes = await plan(workspace, "start.tfplan");
    if (changes.length === 0) {
      console.log("Keycloak is as declared: nothing to change");
      return;
    }
    guard(changes);
    console.log(`cdktf deploy: ${counted(changes)} …`);
    console.log(await cdktfDeploy(outdir, provider.variables, signal));
  } finally {
    await provider.stop();
  }
}

function refuseRealmChange(changes: readonly ResourceChange[]): void {
  const realm = changes.filter(({ type }) => type.startsWith("keycloak_realm"));
  if (realm.length === 0) return;
  const addresses = realm.map(({ address }) => `  ${address}`).join("\n");
  throw new ExplainedError(
    1,
    `this changes the realm itself, which the deployer may not; nothing is applied:\n${addresses}\nrun npm start -- --as-administrator to apply it as the administrator`,
  );
}
