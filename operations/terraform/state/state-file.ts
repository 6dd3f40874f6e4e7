import { chmod, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { outdir } from "../synthesis/synthesize.ts";

/** A stack's folder, and the file that its state is in if it is not where the declaration keeps it. */
export interface StateLocation {
  readonly workspace: { readonly folder: string };
  readonly target: { readonly stateFile?: string };
}

/** The file of a state, if the state is in a file. */
export interface StateFileLocation {
  readonly path: string | undefined;
  /** Whether terraform has to be told, because it would look for it elsewhere. */
  readonly isElsewhere: boolean;
}

/**
 * The file that a stack's state is in. Terraform takes a relative path as relative to the folder that it works in, which is private to each
 * run. It is relative to the folder that plain `cdktf deploy` works in.
 */
export async function stateFileOf({
  workspace,
  target,
}: StateLocation): Promise<StateFileLocation> {
  if (target.stateFile !== undefined) return { path: target.stateFile, isElsewhere: true };
  const text = await readFile(join(workspace.folder, "cdk.tf.json"), "utf8");
  const path = (JSON.parse(text) as Stack).terraform?.backend?.local?.path;
  if (path === undefined || isAbsolute(path)) return { path, isElsewhere: false };
  return { path: resolve(outdir, "stacks", basename(workspace.folder), path), isElsewhere: true };
}

/** Makes the file of a state, and the backup that terraform writes next to it, unreadable for other users. */
export async function protectStateFile(location: StateLocation): Promise<void> {
  const { path } = await stateFileOf(location);
  if (path === undefined) return;
  for (const file of [path, `${path}.backup`].filter((each) => existsSync(each)))
    await chmod(file, 0o600);
}

interface Stack {
  readonly terraform?: { readonly backend?: { readonly local?: { readonly path?: string } } };
}
