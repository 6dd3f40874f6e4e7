import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Login, loginVariables } from "../operations/keycloak/admin.ts";
import type { Target } from "../operations/terraform/target.ts";
import { terraformVariables } from "../operations/terraform/terraform.ts";
import { stateFolder } from "../system/folders.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";
import { StateFile } from "./state-file.ts";

/** The variables that name a Keycloak's address to terraform and to `main.ts`. */
export function addressVariables({
  url,
  basePath,
}: Pick<RunningKeycloak, "url" | "basePath">): NodeJS.ProcessEnv {
  return { KEYCLOAK_URL: url, KEYCLOAK_BASE_PATH: basePath };
}

const state = new StateFile(
  "terraform.tfstate",
  z.object({
    version: z.number(),
    serial: z.number(),
    lineage: z.string(),
    resources: z.array(z.unknown()),
  }),
  "restore the file from terraform.tfstate.backup next to it, or run npm run reset, which deletes all of Keycloak's data",
);

/**
 * Makes sure that terraform's state is usable, or that there is none yet.
 *
 * @throws UnavailableError if it is damaged
 */
export async function needUsableState(): Promise<void> {
  // terraform creates an empty file when it locks a state that does not exist yet, and a killed one leaves it
  const { size } = await stat(state.path).catch(() => ({ size: 0 }));
  if (size > 0) await state.read();
}

/** The target for the local Keycloak. Terraform's state is next to Keycloak's data; see {@link needUsableState}. */
export function localTarget(
  keycloak: RunningKeycloak,
  login: Login,
  variables: NodeJS.ProcessEnv,
): Target {
  return {
    login,
    variables: terraformVariables({
      ...variables,
      ...addressVariables(keycloak),
      ...loginVariables(login),
      TF_DATA_DIR: join(stateFolder, "terraform"),
    }),
    isOwn: true,
    erroredState: join(stateFolder, "errored.tfstate"),
    stateFile: state.path,
  };
}
