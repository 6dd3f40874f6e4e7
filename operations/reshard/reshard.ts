import { effective } from "../terraform/plan.ts";
import { SynthesizedFolder } from "../terraform/synthesis/synthesized-folder.ts";
import type { ChosenKeycloak } from "../terraform/target.ts";
import { type Pace, TerraformRuns } from "../terraform/terraform-runs.ts";
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
  /** The Keycloak, with variables that declare as many shards as before; the same one as afterwards if there are not fewer then. */
  readonly before: ChosenKeycloak;
  /** The Keycloak, with variables that declare as many shards as afterwards. */
  readonly after: ChosenKeycloak;
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
 * can be run again: each resource is added to a state before it is removed from another one.
 *
 * @throws RefusedError if something is not deployed yet, or if the plan afterwards is not empty
 */
export async function reshard(options: ReshardOptions): Promise<Resharded> {
  const { before, after, pace } = options;
  const folder = await SynthesizedFolder.create(after.variables);
  const { realm } = folder.synthesis.declaration;
  await using runs = await TerraformRuns.open(folder, () => after.target(realm), pace);
  await using wide = before === after ? undefined : await TerraformRuns.onKeycloak(before, pace);
  const done = await moveStates(wide ?? runs, runs, options);
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

async function moveStates(
  runs: TerraformRuns,
  after: TerraformRuns,
  { interrupted, agree, onBackup }: ReshardOptions,
): Promise<Resharded> {
  for (const { run } of runs.all) refuseErroredState(run.target);
  const stacks = await runs.each(runs.all, async ({ run }) => ({
    ...{ run, state: await pullState(run.workspace) },
  }));
  const states: States = new Map(stacks.map(({ run, state }) => [run.name, state]));
  const moves = movesBetween(states, homes(runs, after));
  if (moves.length === 0) return "nothing to move";
  if (!(await agree(customerMoves(moves)))) return "declined";
  onBackup(await backUp(states));
  await pushMoves(runs, stacks, moves, interrupted);
  return "moved";
}
