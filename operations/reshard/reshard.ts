import { effective } from "../terraform/plan.ts";
import { numberOfShards } from "../terraform/state/stored-shards.ts";
import type { SynthesizedFolderOfStack } from "../terraform/synthesis/synthesize.ts";
import { SynthesizedFolder } from "../terraform/synthesis/synthesized-folder.ts";
import { type ChosenKeycloak, stackName } from "../terraform/target.ts";
import { type Pace, TerraformRuns } from "../terraform/terraform-runs.ts";
import type { Environment } from "../../configuration/environment.ts";
import { refuseUnusedSettings } from "../../configuration/environment/unused-settings.ts";
import { RefusedError } from "../../text/errors.ts";
import { backUp } from "./backup.ts";
import { type CustomerMove, customerMoves } from "./customer-moves.ts";
import { homes } from "./homes.ts";
import { movesBetween, type States } from "./moves.ts";
import { type Change, Pusher } from "./push.ts";
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
export type Resharded = "moved" | "nothing to move" | "nothing deployed" | "declined";

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
  const stored = numberOfShards(await pullState(runs.realm.workspace));
  const from = stored?.count ?? options.from;
  const widest = Math.max(from, to, stored?.movingUpTo ?? 1);
  await using wide =
    widest === to ? undefined : await TerraformRuns.onKeycloak(await keycloak(widest), pace);
  await using before =
    from === to || from === widest
      ? undefined
      : await SynthesizedFolder.create((await keycloak(from)).variables);
  const inWidest = wide ?? runs;
  const stacksOf: Readonly<Record<keyof Change, readonly SynthesizedFolderOfStack[]>> = {
    widest: inWidest.head.stacks,
    to: runs.head.stacks,
    from: before?.synthesis.stacks ?? (from === to ? runs : inWidest).head.stacks,
  };
  // the state of a realm in one stack need not have the number
  const isStored = stored ? stored.count === to && stored.movingUpTo === undefined : to === 1;
  const change = { from, to, widest };
  const done = await moveStates(inWidest, { ...options, change, stacksOf, isStored });
  if (done === "declined" || done === "nothing deployed") return done;
  const changes = effective(await runs.plannedChanges());
  if (changes.length === 0) return done;
  const lines = changes.map(
    ({ address, change }) => `  ${change.actions.join(" and ")} ${address}`,
  );
  throw new RefusedError(
    ["every state is where it belongs, but the plan is not empty:", ...lines].join("\n"),
  );
}

/** What {@link moveStates} needs to know. */
interface MoveOptions extends ReshardOptions {
  readonly change: Change;
  /** The stacks of each number of shards. */
  readonly stacksOf: Readonly<Record<keyof Change, readonly SynthesizedFolderOfStack[]>>;
  /** Whether the realm's state has the number of shards afterwards. */
  readonly isStored: boolean;
}

/** @param runs the stacks of the largest number of shards */
async function moveStates(
  runs: TerraformRuns,
  { change, stacksOf, isStored, interrupted, agree, onBackup }: MoveOptions,
): Promise<Resharded> {
  for (const { run } of runs.all) refuseErroredState(run.target);
  const stacks = await runs.each(runs.all, async ({ run }) => ({
    ...{ run, state: await pullState(run.workspace) },
  }));
  if (stacks.every(({ state }) => !state?.resources.length)) return "nothing deployed";
  const states: States = new Map(stacks.map(({ run, state }) => [run.name, state]));
  const moves = movesBetween(states, homes(stacksOf.to, stacksOf.widest), {
    stacks: new Set(stacksOf.from.map(({ shard }) => stackName(shard))),
    homes: homes(stacksOf.from, stacksOf.widest),
  });
  const pusher = new Pusher(runs, stacks, change, interrupted);
  if (moves.length === 0) {
    if (!isStored) await pusher.storeNumber();
    return "nothing to move";
  }
  if (!(await agree(customerMoves(moves)))) return "declined";
  onBackup(await backUp(states));
  await pusher.pushMoves(moves);
  return "moved";
}
