import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shardsOutput } from "../../constructs/shards/shard-of.ts";
import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { RefusedError } from "../../text/errors.ts";
import { protectStateFile } from "../terraform/state/state-file.ts";
import { shardsOutputOf, type StoredShards } from "../terraform/state/stored-shards.ts";
import { lockTimeout, terraform } from "../terraform/terraform.ts";
import type { TerraformRun } from "../terraform/terraform-run.ts";
import type { TerraformRuns } from "../terraform/terraform-runs.ts";
import { type StateMove, withAdded, withoutRemoved } from "./moves.ts";
import { addressOf, idsOf, pullState, type State } from "./states.ts";

/** A stack with its state. */
interface StoredStack {
  readonly run: TerraformRun;
  readonly state: State | undefined;
}

/** The change of the number of shards. */
export interface Change {
  /** The number of shards that was deployed last. */
  readonly from: number;
  readonly to: number;
}

/**
 * Stores the states after the moves. Until they are complete, the realm's state has both numbers of shards. Somebody else's write in between is
 * refused.
 *
 * @throws ExplainedError with the error of each stack whose state cannot be stored
 * @see https://developer.hashicorp.com/terraform/cli/commands/state/push
 */
export async function pushMoves(
  runs: TerraformRuns,
  stacks: readonly StoredStack[],
  moves: readonly StateMove[],
  { from, to }: Change,
  interrupted: AbortSignal,
): Promise<void> {
  await using folder = await TemporaryFolder.create();
  const terraformVersion = stacks.find(({ state }) => state)?.state?.terraform_version ?? "";
  const expected = new Map(stacks.map(({ run, state }) => [run.name, contentOf(state)]));
  const push = async (run: TerraformRun, change: (state: State) => State) => {
    interrupted.throwIfAborted();
    // terraform itself may count a write twice
    const now = await pullState(run.workspace);
    if (contentOf(now) !== expected.get(run.name))
      throw new RefusedError(
        `another command has written the state of ${run.name}; npm run reshard -- --to ${to} completes the move`,
      );
    const state = now ?? emptyState(terraformVersion);
    const after = { ...change(state), serial: state.serial + 1 };
    const file = join(folder.path, `${run.name}.tfstate`);
    await writeFile(file, JSON.stringify(after), { mode: 0o600 });
    // pg has one lock for all states that are created
    await terraform(run.workspace, ["state", "push", lockTimeout, file]);
    await protectStateFile(run);
    expected.set(run.name, contentOf(after));
  };
  const tellShards = async (shards: StoredShards) => {
    const [realm] = stacks.filter(({ run }) => run === runs.realm);
    if (realm?.state) await push(realm.run, (state) => withShards(state, shards));
  };
  const moving = moves.flatMap((move) =>
    stacks.filter(({ run }) => run.name === move.stack).map(({ run }) => ({ run, move })),
  );
  await tellShards({ count: from, movingTo: to });
  await runs.each(moving, async ({ run, move }) => {
    if (move.added.length > 0) await push(run, (state) => withAdded(state, move));
  });
  // nothing leaves a state before every other one has what comes to it
  await runs.each(
    moving,
    async ({ run, move }) => {
      if (move.removed.size > 0) await push(run, (state) => withoutRemoved(state, move));
    },
    "move",
  );
  await tellShards({ count: to });
}

/** What a state has, to notice what somebody else has written. */
function contentOf(state: State | undefined): string {
  return JSON.stringify(
    state?.resources.map((each) => `${addressOf(each)} ${idsOf(each)}`).sort() ?? null,
  );
}

/** The state of the realm's stack with the number of shards. */
function withShards(state: State, shards: StoredShards): State {
  const others = Object.entries(state.outputs).filter(([name]) => name !== shardsOutput);
  const output = shardsOutputOf(shards);
  return {
    ...state,
    outputs: { ...Object.fromEntries(others), ...(output && { [shardsOutput]: output }) },
  };
}

function emptyState(terraformVersion: string): State {
  return {
    ...{ version: 4, terraform_version: terraformVersion, serial: 0, lineage: randomUUID() },
    ...{ outputs: {}, resources: [], check_results: null },
  };
}
