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
import { pullState, type State } from "./states.ts";

/** A stack with its state. */
export interface StoredStack {
  readonly run: TerraformRun;
  readonly state: State | undefined;
}

/** The change of the number of shards. */
export interface Change {
  /** The number of shards that was deployed last. */
  readonly from: number;
  readonly to: number;
  /** The largest number of shards whose states are read. */
  readonly widest: number;
}

/** Stores states. A state that somebody else has written since it was read is refused. */
export class Pusher {
  readonly #runs: TerraformRuns;
  readonly #stacks: readonly StoredStack[];
  readonly #change: Change;
  readonly #interrupted: AbortSignal;
  readonly #versions: Map<string, string | undefined>;

  /** @param stacks every stack, with the state that was read */
  constructor(
    runs: TerraformRuns,
    stacks: readonly StoredStack[],
    change: Change,
    interrupted: AbortSignal,
  ) {
    this.#runs = runs;
    this.#stacks = stacks;
    this.#change = change;
    this.#interrupted = interrupted;
    this.#versions = new Map(stacks.map(({ run, state }) => [run.name, versionOf(state)]));
  }

  /**
   * Stores the states after the moves. Until they are complete, the realm's state has both numbers of shards.
   *
   * @throws ExplainedError with the error of each stack whose state cannot be stored
   */
  async pushMoves(moves: readonly StateMove[]): Promise<void> {
    const { from, widest } = this.#change;
    const moving = moves.flatMap((move) =>
      this.#stacks.filter(({ run }) => run.name === move.stack).map(({ run }) => ({ run, move })),
    );
    await this.#storeNumber({ count: from, movingUpTo: widest });
    await this.#runs.each(moving, async ({ run, move }) => {
      if (move.added.length > 0) await this.#push(run, (state) => withAdded(state, move));
    });
    // nothing leaves a state before every other one has what comes to it
    await this.#runs.each(
      moving,
      async ({ run, move }) => {
        if (move.removed.size > 0) await this.#push(run, (state) => withoutRemoved(state, move));
      },
      "move",
    );
    await this.storeNumber();
  }

  /** Stores the number of shards afterwards in the realm's state. */
  async storeNumber(): Promise<void> {
    await this.#storeNumber({ count: this.#change.to });
  }

  async #storeNumber(shards: StoredShards): Promise<void> {
    const realm = this.#stacks.find(({ run }) => run === this.#runs.realm);
    if (realm?.state) await this.#push(realm.run, (state) => withShards(state, shards));
  }

  /** @see https://developer.hashicorp.com/terraform/cli/commands/state/push */
  async #push(run: TerraformRun, change: (state: State) => State): Promise<void> {
    this.#interrupted.throwIfAborted();
    const now = await pullState(run.workspace);
    if (versionOf(now) !== this.#versions.get(run.name))
      throw new RefusedError(
        `another command has written the state of ${run.name}; npm run reshard -- --to ${this.#change.to} completes the move`,
      );
    const state = now ?? emptyState(this.#terraformVersion);
    await using folder = await TemporaryFolder.create();
    const file = join(folder.path, "state.tfstate");
    const after = { ...change(state), serial: state.serial + 1 };
    await writeFile(file, JSON.stringify(after), { mode: 0o600 });
    // pg has one lock for all states that are created
    await terraform(run.workspace, ["state", "push", lockTimeout, file]);
    await protectStateFile(run);
    // terraform may count a write twice
    this.#versions.set(run.name, versionOf(await pullState(run.workspace)));
  }

  get #terraformVersion(): string {
    return this.#stacks.find(({ state }) => state)?.state?.terraform_version ?? "";
  }
}

/** What differs after each write of a state. */
function versionOf(state: State | undefined): string | undefined {
  return state && `${state.lineage} ${state.serial}`;
}

/** The state of the realm's stack with the number of shards. */
function withShards(state: State, shards: StoredShards): State {
  const others = Object.entries(state.outputs).filter(([name]) => name !== shardsOutput);
  return {
    ...state,
    outputs: { ...Object.fromEntries(others), [shardsOutput]: shardsOutputOf(shards) },
  };
}

function emptyState(terraformVersion: string): State {
  return {
    ...{ version: 4, terraform_version: terraformVersion, serial: 0, lineage: randomUUID() },
    ...{ outputs: {}, resources: [], check_results: null },
  };
}
