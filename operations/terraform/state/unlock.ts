import { FailedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import type { ChosenKeycloak } from "../target.ts";
import { runTerraform, terraform, type Workspace } from "../terraform.ts";
import { TerraformRuns } from "../terraform-runs.ts";
import { storedShards } from "./stored-shards.ts";

/**
 * Releases the lock of a state. If there are several stacks, the one that has the lock is looked for: some state backends would release any
 * lock. After an interrupted `reshard`, it may be one that is not declared.
 *
 * @param keycloak the Keycloak, with variables that declare a number of shards, by default that of the environment
 * @throws FailedError if no stack has this lock, or with terraform's output if it cannot be released
 */
export async function unlockState(
  keycloak: (shards?: number) => Promise<ChosenKeycloak>,
  lockId: string,
): Promise<void> {
  await using declared = await TerraformRuns.onKeycloak(await keycloak());
  await declared.realm.initialize();
  const stored = await storedShards(declared.realm.workspace);
  const widest = Math.max(stored?.count ?? 1, stored?.movingUpTo ?? 1);
  await using wide =
    widest > Math.max(1, declared.shards.length)
      ? await TerraformRuns.onKeycloak(await keycloak(widest))
      : undefined;
  const runs = wide ?? declared;
  const stacks = runs.all;
  const found = await runs.each(stacks, async (stack) =>
    stacks.length === 1 || (await isLockedBy(stack.run.workspace, lockId)) ? [stack] : [],
  );
  const locked = found.flat();
  if (locked.length === 0)
    throw new FailedError(`none of the ${stacks.length} states has the lock ${quoted(lockId)}`);
  await runs.each(locked, ({ run }) =>
    terraform(run.workspace, ["force-unlock", "-force", lockId]),
  );
}

/** Whether a state has this lock, which terraform reports when it needs the lock itself, here for something that changes nothing. */
async function isLockedBy(workspace: Workspace, lockId: string): Promise<boolean> {
  const args = [
    "untaint",
    "-no-color",
    "-allow-missing",
    "-lock-timeout=0s",
    "terraform_data.none",
  ];
  const { exitCode, stderr } = await runTerraform(workspace, args);
  // "ID: …" in the text about the lock, "ID=…" in the message of the state's server
  return exitCode !== 0 && stderr.split(/[\s=]+/).includes(lockId);
}
