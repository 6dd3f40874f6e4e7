import { loadEnvironment } from "../../configuration/environment.ts";
import { chooseKeycloak } from "../../local/choose-keycloak.ts";
import { Deployment } from "../../operations/deployment/deployment.ts";
import { baseOf } from "../../operations/review/base/git.ts";
import { allowedByOptions, type AllowValues } from "./options.ts";

/** Opens the deployment that the options of `plan` and `deploy` describe. */
export async function openDeployment(
  options: AllowValues & { readonly base?: string | undefined },
  variables: NodeJS.ProcessEnv,
): Promise<Deployment> {
  const environment = loadEnvironment(variables);
  const base = options.base === undefined ? undefined : await baseOf(options.base);
  const keycloak = await chooseKeycloak(environment, variables);
  return Deployment.open({ environment, keycloak, base, allowed: allowedByOptions(options) });
}
