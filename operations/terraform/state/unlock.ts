import { oneError } from "../stack-errors.ts";
import { terraform } from "../terraform.ts";
import type { TerraformRuns } from "../terraform-runs.ts";

/**
 * Releases the lock of a state. Each stack is asked, because a lock does not name its own.
 *
 * @throws FailedError with terraform's output if no stack has this lock
 */
export async function unlockState(runs: TerraformRuns, lockId: string): Promise<void> {
  const errors = await runs.each(runs.all, async ({ run: { name, workspace } }) => {
    try {
      await terraform(workspace, ["force-unlock", "-force", lockId]);
      return undefined;
    } catch (error) {
      return { name, error };
    }
  });
  const failed = errors.flatMap((error) => error ?? []);
  if (failed.length === runs.all.length) throw oneError(failed, runs.all.length);
}
