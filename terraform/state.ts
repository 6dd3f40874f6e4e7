import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ExplainedError } from "../text/errors.ts";
import { terraform, type Workspace } from "./terraform.ts";

/** Which state it is, and how often it has been written. */
export interface StateVersion {
  readonly lineage: string;
  readonly serial: number;
}

/** A state, as far as it is read here. */
interface State extends StateVersion {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly status?: string }[];
  }[];
}

/**
 * The version of the state where it is kept; null while there is none.
 *
 * @throws ExplainedError (3) if it cannot be read
 */
export async function stateVersion(workspace: Workspace): Promise<StateVersion | null> {
  const state = await pulled(workspace);
  return state && { lineage: state.lineage, serial: state.serial };
}

/**
 * Keeps what was created before its apply failed: terraform counts it as tainted, and would delete it and make it anew, a client
 * with another secret. What is still wrong with it is an update.
 *
 * @returns the addresses
 * @throws ExplainedError (3) if the state cannot be read
 * @see https://developer.hashicorp.com/terraform/cli/commands/untaint
 */
export async function untaintAll(workspace: Workspace): Promise<string[]> {
  const resources = (await pulled(workspace))?.resources ?? [];
  const tainted = resources
    .filter(({ instances }) => instances.some(({ status }) => status === "tainted"))
    .map(({ type, name }) => `${type}.${name}`);
  for (const address of tainted) await terraform(workspace, ["untaint", address]);
  return tainted;
}

/** @see https://developer.hashicorp.com/terraform/cli/commands/state/pull */
async function pulled(workspace: Workspace): Promise<State | null> {
  const text = await terraform(workspace, ["state", "pull"]).catch((error: unknown) => {
    throw error instanceof ExplainedError ? new ExplainedError(3, error.message) : error;
  });
  return text.trim() === "" ? null : (JSON.parse(text) as State);
}

/** The file in which terraform leaves a state that it could not store, in the stack's folder. */
export const errored = "errored.tfstate";

/**
 * Stores a state that an earlier apply in this folder could not store.
 *
 * @returns whether there was one
 * @throws ExplainedError (1) if the stored one is newer or another
 * @see https://developer.hashicorp.com/terraform/cli/commands/state/push
 */
export async function storeErroredState(workspace: Workspace): Promise<boolean> {
  const file = join(workspace.folder, errored);
  if (!existsSync(file)) return false;
  await terraform(workspace, ["state", "push", errored]).catch((error: unknown) => {
    if (!(error instanceof ExplainedError)) throw error;
    const words = `an earlier deploy could not store its state and left it in ${file}, which does not fit the one that is stored now`;
    const advice = `compare the two (terraform state pull), and remove the file if the stored one is right`;
    throw new ExplainedError(1, `${words}; ${advice}:\n${error.message}`);
  });
  await rm(file);
  return true;
}
