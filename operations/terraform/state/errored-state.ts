import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { FailedError, RefusedError } from "../../../text/errors.ts";
import { taintedAddresses, untaintSince } from "./state.ts";
import { terraformName } from "../program.ts";
import type { Target } from "../target.ts";
import { lockTimeout, terraform, type Workspace } from "../terraform.ts";

/** A run of terraform, with the place for a state that it could not store. */
export interface ErroredStateRun {
  readonly workspace: Workspace;
  readonly target: Pick<Target, "erroredState">;
  keepFolder(): void;
}

/**
 * The file of a state that could not be stored: the place where it is kept, or if that failed, the one where terraform left it.
 *
 * @returns undefined if there is none
 */
export function lostState(run: ErroredStateRun): string | undefined {
  return [writtenFile(run), run.target.erroredState].find((file) => existsSync(file));
}

/** Keeps the state that an apply could not store, if there is one. The folder that terraform left it in is private to a run. */
export async function keepErroredState(run: ErroredStateRun): Promise<void> {
  const written = writtenFile(run);
  if (!existsSync(written)) return;
  const file = run.target.erroredState;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, await readFile(written), { mode: 0o600 });
    await rename(`${file}.new`, file);
    await rm(written);
  } catch {
    // for example because the disk is full; the failure's message names the file
    run.keepFolder();
  }
}

function writtenFile({ workspace: { folder } }: ErroredStateRun): string {
  return join(folder, "errored.tfstate");
}

/**
 * Refuses to work with an outdated state.
 *
 * @throws RefusedError if an earlier deploy could not store its state
 */
export function refuseErroredState({ erroredState }: Pick<Target, "erroredState">): void {
  if (!existsSync(erroredState)) return;
  throw new RefusedError(
    `an earlier deploy could not store its state and left it in ${erroredState}; npm run deploy stores it first`,
  );
}

/**
 * Stores a state that an earlier apply could not store. Resources that this apply tainted are kept; see {@link untaintSince}.
 *
 * @returns whether there was one
 * @throws RefusedError if the stored state is newer or has another lineage
 * @see https://developer.hashicorp.com/terraform/cli/commands/state/push
 */
export async function storeErroredState(
  { workspace, target: { erroredState } }: ErroredStateRun,
  interrupted: AbortSignal,
): Promise<boolean> {
  if (!existsSync(erroredState)) return false;
  const tainted = await taintedAddresses(workspace);
  interrupted.throwIfAborted();
  await terraform(workspace, ["state", "push", lockTimeout, erroredState]).catch(
    (error: unknown) => {
      if (!(error instanceof FailedError)) throw error;
      const problem = `an earlier deploy could not store its state and left it in ${erroredState}, which does not fit the stored state`;
      const advice = `compare the two (${terraformName(workspace.variables)} state pull), and remove the file if the stored one is right`;
      throw new RefusedError(`${problem}; ${advice}:\n${error.message}`);
    },
  );
  await rm(erroredState);
  await untaintSince(workspace, tainted);
  return true;
}
