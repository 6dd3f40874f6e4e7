import { join } from "node:path";
import { type Login, loginVariables } from "../operations/keycloak/admin.ts";
import type { Target } from "../operations/terraform/target.ts";
import { terraformVariables } from "../operations/terraform/terraform.ts";
import { stateFolder } from "../system/folders.ts";
import type { RunningKeycloak } from "./keycloak/server.ts";

/** The variables that name a Keycloak's address to terraform and to `main.ts`. */
export function addressVariables({ url, basePath }: RunningKeycloak): NodeJS.ProcessEnv {
  return { KEYCLOAK_URL: url, KEYCLOAK_BASE_PATH: basePath };
}

/** The target for the local Keycloak. Terraform's state is next to Keycloak's data. */
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
      TF_CLI_ARGS_init: `-reconfigure -backend-config=path=${join(stateFolder, "terraform.tfstate")}`,
    }),
  };
}
