import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../configuration/environment.ts";
import { deployerClientId } from "../constructs/names/reserved-names.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import { applyStacks } from "../operations/deployment/stacks/apply-stacks.ts";
import { asOnePlan, planStacks } from "../operations/deployment/stacks/stack-plan.ts";
import { storeErroredStates } from "../operations/deployment/stacks/store-errored-states.ts";
import {
  pendingRotations,
  refuseEndingSecrets,
  createdBy,
  rotateSecrets,
  type Rotated,
} from "../operations/deployment/rotations.ts";
import { refuseAdministratorsChanges } from "../operations/deployment/refuse-administrators-changes.ts";
import { adminClient, type Login } from "../operations/keycloak/login/admin.ts";
import { ensureDeployer } from "../operations/keycloak/deployer/deployer.ts";
import { namedRails } from "../operations/review/guard/losses/loss.ts";
import { adoptionLosses } from "../operations/review/guard/losses/named-losses.ts";
import { optionText } from "../operations/review/render/refusal.ts";
import {
  changesAnything,
  effective,
  type Planned,
  type ResourceChange,
} from "../operations/terraform/plan.ts";
import type { SynthesizedFolder } from "../operations/terraform/synthesis/synthesized-folder.ts";
import type { Target } from "../operations/terraform/target.ts";
import { TerraformRuns } from "../operations/terraform/terraform-runs.ts";
import { stateFolder } from "../system/folders.ts";
import { RefusedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import type { LocalProject } from "./local-project.ts";
import { ensureLocalRealm } from "./local-realm.ts";
import { localTarget } from "./local-target.ts";
import { administratorLogin, ensureLogins, everydayLogin, keepLogins } from "./logins.ts";

/** Options of {@link deployLocal}. */
export interface LocalDeployOptions {
  readonly project: LocalProject;
  /** Whether to deploy as the administrator, which a change to the realm itself needs. */
  readonly asAdministrator: boolean;
  readonly variables: NodeJS.ProcessEnv;
  /** Stops it gracefully. */
  readonly interrupted: AbortSignal;
  readonly progress: DeployProgress;
}

/** Receives the progress of a deploy. */
export interface DeployProgress {
  /** Called before the changes are applied; there may be none. */
  readonly onPlanned: (changes: readonly ResourceChange[]) => void;
  /** A resource is done. */
  readonly onDone: (address: string, action: string) => void;
  /** A customer has a new secret, because its entry asks for it. */
  readonly onRotated: (rotated: Rotated) => void;
}

/**
 * Deploys to the local Keycloak, without a question.
 *
 * @returns the identity that deployed
 */
export async function deployLocal(
  { name }: Pick<Environment, "name">,
  keycloak: RunningKeycloak,
  synthesized: SynthesizedFolder,
  options: LocalDeployOptions,
): Promise<Login> {
  const { project, variables, asAdministrator, interrupted } = options;
  const { declaration } = synthesized.synthesis;
  const { realm } = declaration;
  const logins = await ensureLogins();
  const administrator = administratorLogin(keycloak.baseUrl, logins);
  await ensureLocalRealm(declaration, administrator);
  const login = asAdministrator
    ? administrator
    : await everydayLogin(keycloak.baseUrl, realm, logins);
  const target = localTarget(project, keycloak, login, variables);
  await mkdir(join(stateFolder, project.folder), { recursive: true, mode: 0o700 });
  await withEnvironmentLock(name, interrupted, () => deploy(synthesized, target, options));
  if (!project.isDemo && login.clientId !== deployerClientId) {
    const { clientSecret } = await ensureDeployer(await adminClient(login), realm, {
      hasGroups: declaration.groups !== undefined,
      hasIssuers: declaration.issuers !== undefined,
    });
    await keepLogins({ ...logins, deployerSecret: clientSecret });
  }
  return login;
}

async function deploy(
  synthesized: SynthesizedFolder,
  target: Target,
  { project, interrupted, progress }: LocalDeployOptions,
): Promise<void> {
  interrupted.throwIfAborted();
  await using runs = await TerraformRuns.open(synthesized, () => target);
  await storeErroredStates(runs, interrupted);
  const stacks = await planStacks(runs, runs.all, interrupted);
  const planned = asOnePlan(stacks);
  const changes = effective(planned.changes);
  progress.onPlanned(changes);
  const { declaration } = runs.head;
  const { login } = target;
  refuseEndingSecrets(await pendingRotations(declaration, login));
  if (changesAnything(planned.changes)) {
    if (!project.isDemo) refuseAdoption(planned);
    refuseAdministratorsChanges(login, changes, "npm start -- --as-administrator deploys it");
    const { onDone } = progress;
    await applyStacks(runs, stacks, { interrupted, onDone, command: project.command });
  }
  const { onRotated } = progress;
  const isAllowed = createdBy(planned.changes);
  await rotateSecrets(declaration, login, { isAllowed, onRotated });
}

/** Refusal of an import that has to be named. The command that names it needs the running Keycloak. */
export class UnnamedImportError extends RefusedError {}

/** Refuses to import clients that may be in use: there is no question here, and their customers would lose the secrets that they use. */
function refuseAdoption({ adopted }: Planned): void {
  if (adopted.length === 0) return;
  const losses = adoptionLosses(adopted);
  const options = losses.map(({ rail, name: value }) =>
    optionText({ key: namedRails[rail], value }),
  );
  const list = losses.map(({ name }) => quoted(name)).join(", ");
  throw new UnnamedImportError(
    `these clients are in Keycloak but not in the state, and may be in use: ${list}; restore the state, or import them, which gives customers and APIs new secrets: npm run deploy -- ${options.join(" ")} (Keycloak keeps running for that)`,
  );
}
