import { effective } from "../terraform/plan.ts";
import { shardsIn, type StoredShards } from "../terraform/state/stored-shards.ts";
import { SynthesizedFolder } from "../terraform/synthesis/synthesized-folder.ts";
import { type ChosenKeycloak, stackName } from "../terraform/target.ts";
import { type Pace, TerraformRuns } from "../terraform/terraform-runs.ts";
import { type Environment } from "../../configuration/environment.ts";
import { refuseUnusedSettings } from "../../configuration/environment/unused-settings.ts";
import { RefusedError } from "../../text/errors.ts";
import { backUp } from "./backup.ts";
import { type CustomerMove, customerMoves } from "./customer-moves.ts";
import { homes } from "./homes.ts";
import { movesBetween, type States } from "./moves.ts";
import { pushMoves } from "./push.ts";
import { pullState } from "./states.ts";
import { refuseErroredState } from "../terraform/state/errored-state.ts";

/** Options of {@link reshard}. */
export interface ReshardOptions {
  /** The environment, with the number of shards afterwards. */
  readonly environment: Environment;
  /** The number of shards that the environment has until now. */
  readonly from: number;
  /** The Keycloak, with variables that declare a number of shards. */
  readonly keycloak: (shards: number) => Promise<ChosenKeycloak>;
  readonly interrupted: AbortSignal;
  /** How several stacks are worked on. */
  readonly pace: Pace;
  /** Shows the moves. @returns whether to go on */
  readonly agree: (moves: readonly CustomerMove[]) => Promise<boolean>;
  /** Called with the folder of the backups, before anything is moved. */
  readonly onBackup: (folder: string) => void;
}

/** What {@link reshard} has done. */
export type Resharded = "moved" | "nothing to move" | "declined";

/**
 * Moves the states of customers to the stacks that they belong to with another number of shards. No client is changed. If it is interrupted, it
 * can be run again, also with another number: each resource is added to a state before it is removed from another one.
 *
 * @throws InvalidFileError if `main.ts` does not pass the number of shards on
 * @throws RefusedError if something is not deployed yet, or if the plan afterwards is not empty
 */
export async function reshard(options: ReshardOptions): Promise<Resharded> {
  const { environment, keycloak, pace } = options;
  const to = environment.shards.count;
  await using runs = await TerraformRuns.onKeycloak(await keycloak(to), pace);
  refuseUnusedSettings(environment, runs.head.declaration);
  await runs.realm.initialize();
  const stored = shardsIn(await pullState(runs.realm.workspace));
  const from = stored?.count ?? options.from;
  const widest = Math.max(from, to, stored?.movingTo ?? 1);
  await using wide =
    widest === to ? undefined : await TerraformRuns.onKeycloak(await keycloak(widest), pace);
  const done = await moveStates(wide ?? runs, runs, { ...options, from, stored });
  if (done === "declined") return done;
  const changes = effective(await runs.plannedChanges());
  if (changes.length === 0) return done;
  const lines = changes.map(
    ({ address, change }) => `  ${change.actions.join(" and ")} ${address}`,
  );
  throw new RefusedError(
    ["every state is where it belongs, but the plan is not empty:", ...lines].join("\n"),
  );
}

/**
 * @param runs the stacks of the largest number of shards
 * @param after the stacks of the number of shards to come
 */
async function moveStates(
  runs: TerraformRuns,
  after: TerraformRuns,
  options: ReshardOptions & { readonly stored: StoredShards | undefined },
): Promise<Resharded> {
  const { from, stored, keycloak, interrupted, agree, onBackup } = options;
  const to = options.environment.shards.count;
  for (const { run } of runs.all) refuseErroredState(run.target);
  const stacks = await runs.each(runs.all, async ({ run }) => ({
    ...{ run, state: await pullState(run.workspace) },
  }));
  const states: States = new Map(stacks.map(({ run, state }) => [run.name, state]));
  await using before = await SynthesizedFolder.create((await keycloak(from)).variables);
  const homesIn = ({ head }: Pick<TerraformRuns, "head">) => homes(head.stacks, runs.head.stacks);
  const moves = movesBetween(states, homesIn(after), {
    stacks: new Set(before.synthesis.stacks.map(({ shard }) => stackName(shard))),
    homes: homesIn({ head: before.synthesis }),
  });
  const isTold = stored === undefined ? to === 1 : stored.count === to && !stored.movingTo;
  if (moves.length === 0 && isTold) return "nothing to move";
  if (moves.length > 0 && !(await agree(customerMoves(moves)))) return "declined";
  onBackup(await backUp(states));
  await pushMoves(runs, stacks, moves, { from, to }, interrupted);
  return moves.length > 0 ? "moved" : "nothing to move";
}
