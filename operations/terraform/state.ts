import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ExplainedError, RefusedError, UnavailableError } from "../../text/errors.ts";
import { terraform, type Workspace } from "./terraform.ts";

/** Identity of a state, and how often it has been written. */
export interface StateVersion {
  readonly lineage: string;
  readonly serial: number;
}

/** The fields of a state that are read here. */
interface State extends StateVersion {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly status?: string }[];
  }[];
}

/**
 * The version of the stored state; null if there is none yet.
 *
 * @throws UnavailableError if it cannot be read
 */
export async function stateVersion(workspace: Workspace): Promise<StateVersion | null> {
  const state = await pulled(workspace);
  return state && { lineage: state.lineage, serial: state.serial };
}

/**
 * Keeps resources whose creation failed halfway. Terraform marks them as tainted and would recreate them, which gives a client a
 * new secret. What is still wrong with them becomes an update.
 *
 * @returns their addresses
 * @throws UnavailableError if the state cannot be read
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
    throw error instanceof ExplainedError ? new UnavailableError(error.message) : error;
  });
  return text.trim() === "" ? null : (JSON.parse(text) as State);
}

/** Name of the file in the stack's folder in which terraform leaves a state that it could not store. */
export const errored = "errored.tfstate";

/**
 * Stores a state that an earlier apply in this folder could not store.
 *
 * @returns whether there was one
 * @throws RefusedError if the stored state is newer or has another lineage
 * @see https://developer.hashicorp.com/terraform/cli/commands/state/push
 */
export async function storeErroredState(workspace: Workspace): Promise<boolean> {
  const file = join(workspace.folder, errored);
  if (!existsSync(file)) return false;
  await terraform(workspace, ["state", "push", errored]).catch((error: unknown) => {
    if (!(error instanceof ExplainedError)) throw error;
    const problem = `an earlier deploy could not store its state and left it in ${file}, which does not fit the stored state`;
    const advice = `compare the two (terraform state pull), and remove the file if the stored one is right`;
    throw new RefusedError(`${problem}; ${advice}:\n${error.message}`);
  });
  await rm(file);
  return true;
}
