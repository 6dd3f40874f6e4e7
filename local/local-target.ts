import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Login, loginVariables } from "../operations/keycloak/login/admin.ts";
import type { Target } from "../operations/terraform/target.ts";
import { terraformVariables } from "../operations/terraform/terraform.ts";
import { stateFolder } from "../system/folders.ts";
import { RefusedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { demoProject, type LocalProject, teamProject } from "./local-project.ts";
import { StateFile } from "./state-file.ts";

/** The variables that name a Keycloak's address to terraform and to `main.ts`. */
export function addressVariables({
  url,
  basePath,
}: Pick<RunningKeycloak, "url" | "basePath">): NodeJS.ProcessEnv {
  return { KEYCLOAK_URL: url, KEYCLOAK_BASE_PATH: basePath };
}

const state = z.union([
  z.object({
    version: z.number(),
    serial: z.number(),
    lineage: z.string(),
    resources: z.array(z.unknown()),
  }),
  // OpenTofu's, if TF_ENCRYPTION is set: its resources are not readable here
  z
    .object({ serial: z.number(), lineage: z.string(), encrypted_data: z.string() })
    .transform((content) => ({ ...content, resources: [] as unknown[] })),
]);

/** A resource of the Keycloak provider, in a state: a realm, or something in a realm. */
const resource = z.object({
  type: z.string(),
  instances: z.array(
    z.object({ attributes: z.object({ id: z.string(), realm_id: z.string().optional() }) }),
  ),
});

function stateOf({ folder, remedy }: LocalProject): StateFile<z.infer<typeof state>> {
  return new StateFile(join(folder, "terraform.tfstate"), state, remedy);
}

/**
 * Makes sure that a project's state is usable, or that there is none yet, and that no other project has deployed the realm.
 *
 * @throws UnavailableError if the state is damaged
 * @throws RefusedError if another project has deployed the realm
 */
export async function needUsableState(project: LocalProject, realm: string): Promise<void> {
  const file = stateOf(project);
  // terraform creates an empty file when it locks a state that does not exist yet, and a killed one leaves it
  const { size } = await stat(file.path).catch(() => ({ size: 0 }));
  if (size > 0) await file.read();
  const other = project.isDemo ? teamProject : demoProject;
  if (!(await hasDeployed(other, realm))) return;
  throw new RefusedError(
    `${other.command} has deployed the realm ${quoted(realm)} to the local Keycloak, and ${project.command} needs one of its own; rename the realm in main.ts and run npm run reset, which deletes all of Keycloak's data`,
  );
}

async function hasDeployed(project: LocalProject, realm: string): Promise<boolean> {
  // a damaged state is a problem of its own project only
  const content = await stateOf(project)
    .read()
    .catch(() => undefined);
  return (content?.resources ?? []).some((each) => {
    const { success, data } = resource.safeParse(each);
    if (!success) return false;
    const isRealm = data.type === "keycloak_realm";
    return data.instances.some(
      ({ attributes: { id, realm_id } }) => (isRealm ? id : realm_id) === realm,
    );
  });
}

/** The target for a project in the local Keycloak. Terraform's state is next to Keycloak's data; see {@link needUsableState}. */
export function localTarget(
  project: LocalProject,
  keycloak: RunningKeycloak,
  login: Login,
  variables: NodeJS.ProcessEnv,
): Target {
  const folder = join(stateFolder, project.folder);
  return {
    login,
    variables: terraformVariables({
      ...variables,
      ...addressVariables(keycloak),
      ...loginVariables(login),
      TF_DATA_DIR: join(folder, "terraform"),
    }),
    isOwn: true,
    erroredState: join(folder, "errored.tfstate"),
    stateFile: stateOf(project).path,
  };
}
