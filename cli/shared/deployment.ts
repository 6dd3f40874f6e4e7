import { loadEnvironment } from "../../configuration/environment.ts";
import { chooseKeycloak } from "../../local/choose-keycloak.ts";
import { Deployment } from "../../operations/deployment/deployment.ts";
import { withEnvironmentLock } from "../../operations/deployment/environment-lock.ts";
import type { SavedPlan } from "../../operations/deployment/saved-plan/note.ts";
import { scopeSince } from "../../operations/deployment/stacks/scope.ts";
import { deployedBaseOf } from "../../operations/review/base/git/git.ts";
import type { CommandContext } from "./command.ts";
import { paceOf } from "./progress/pace.ts";
import { allowedByOptions, type AllowValues } from "./options.ts";

/**
 * Opens the deployment that the options of `plan` and `deploy` describe, and works with it while no other command of this checkout works on
 * the same environment.
 */
export async function withDeployment<T>(
  options: AllowValues & {
    readonly base?: string | undefined;
    readonly all?: true | undefined;
    readonly parallel?: number | undefined;
    readonly onlyExpired?: true | undefined;
    /** A saved plan, whose shards it works on. */
    readonly saved?: SavedPlan | undefined;
  },
  { variables, interrupted }: CommandContext,
  work: (deployment: Deployment) => Promise<T>,
): Promise<T> {
  const environment = loadEnvironment(variables);
  const base = options.base === undefined ? undefined : await deployedBaseOf(options.base);
  return withEnvironmentLock(environment.name, interrupted, async () => {
    const keycloak = await chooseKeycloak(environment, variables);
    const allowed = allowedByOptions(options);
    const { onlyExpired = false, saved, all = false } = options;
    const scope = saved
      ? { only: saved.only ?? undefined, reason: undefined }
      : await scopeSince(all ? undefined : base, environment);
    await using deployment = await Deployment.open({
      ...{ environment, keycloak, base, allowed, onlyExpired, scope, interrupted },
      pace: paceOf(options),
    });
    return await work(deployment);
  });
}
