import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { protectStateFile } from "../terraform/state/state-file.ts";
import { lockTimeout, terraform } from "../terraform/terraform.ts";
import type { TerraformRun } from "../terraform/terraform-run.ts";
import type { TerraformRuns } from "../terraform/terraform-runs.ts";
import { type StateMove, withAdded, withoutRemoved } from "./moves.ts";
import type { State } from "./states.ts";

/** A stack with its state. */
interface StoredStack {
  readonly run: TerraformRun;
  readonly state: State | undefined;
}

/**
 * Stores the states after the moves. Terraform refuses to replace a state that somebody has written since it was read.
 *
 * @throws ExplainedError with the error of each stack whose state cannot be stored
 * @see https://developer.hashicorp.com/terraform/cli/commands/state/push
 */
export async function pushMoves(
  runs: TerraformRuns,
  stacks: readonly StoredStack[],
  moves: readonly StateMove[],
  interrupted: AbortSignal,
): Promise<void> {
  await using folder = await TemporaryFolder.create();
  const push = async (run: TerraformRun, state: State) => {
    interrupted.throwIfAborted();
    const file = join(folder.path, `${run.name}.tfstate`);
    await writeFile(file, JSON.stringify(state), { mode: 0o600 });
    // pg has one lock for all states that are created
    await terraform(run.workspace, ["state", "push", lockTimeout, file]);
    await protectStateFile(run);
  };
  const terraformVersion = stacks.find(({ state }) => state)?.state?.terraform_version ?? "";
  const moving = moves.flatMap((move) =>
    stacks
      .filter(({ run }) => run.name === move.stack)
      .map((stack) => ({ ...stack, state: stack.state ?? emptyState(terraformVersion), move })),
  );
  const complete = await runs.each(moving, async ({ run, state, move }) => {
    if (move.added.length === 0) return { run, state, move };
    const after = withAdded(state, move);
    await push(run, after);
    return { run, state: after, move };
  });
  // nothing leaves a state before every other one has what comes to it
  await runs.each(
    complete,
    async ({ run, state, move }) => {
      if (move.removed.size > 0) await push(run, withoutRemoved(state, move));
    },
    "move",
  );
}

function emptyState(terraformVersion: string): State {
  return {
    ...{ version: 4, terraform_version: terraformVersion, serial: 0, lineage: randomUUID() },
    ...{ outputs: {}, resources: [], check_results: null },
  };
}
