import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { writeEmptyCustomersFile } from "../../../configuration/customers.ts";
import type { Environment } from "../../../configuration/environment.ts";
import { synthesize, type Synthesis } from "../../terraform/synthesize.ts";
import { UnavailableError } from "../../../text/errors.ts";
import { type Base, git, tryGit } from "./git.ts";

/** A commit to synthesize. */
export interface CommitToSynthesize {
  readonly base: Base;
  /** Environment variables for `main.ts`: REALM_ENV and those that override values of its file. */
  readonly variables: NodeJS.ProcessEnv;
  /** The project's folder. */
  readonly folder: string;
  /** A temporary folder. */
  readonly temporary: string;
  /** The commit's environment, if the current code can read it. */
  readonly environment: Environment | undefined;
}

/**
 * Synthesizes a commit in a Git work tree of its own, with its own code, and with its own dependencies if they differ.
 *
 * @throws ExplainedError if Git or npm fails, or the commit's files are not valid
 */
export async function withOwnCode(task: CommitToSynthesize): Promise<Synthesis> {
  const { base, variables, folder, temporary, environment } = task;
  const tree = join(temporary, "tree");
  try {
    const add = ["worktree", "add", "--detach", "--quiet", tree, base.commit];
    await git(["-c", "core.hooksPath=/dev/null", ...add], folder);
    const prefix = (await git(["rev-parse", "--show-prefix"], folder)).trim();
    const project = join(tree, prefix);
    if (await dependenciesDiffer(base, folder)) await install(project, variables);
    else await symlink(join(folder, "node_modules"), join(project, "node_modules"));
    const customers = join(project, environment?.customers ?? "customers.yaml");
    const chosen = existsSync(customers)
      ? variables
      : { ...variables, CUSTOMERS_FILE: await writeEmptyCustomersFile(temporary) };
    return await synthesize(join(temporary, "out"), chosen, { folder: project });
  } finally {
    await tryGit(["worktree", "remove", "--force", "--force", tree], folder);
  }
}

async function install(project: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const { exitCode, all } = await execa("npm", ["ci"], {
    cwd: project,
    env: variables,
    extendEnv: false,
    all: true,
    reject: false,
  });
  if (exitCode !== 0) throw new UnavailableError(`npm ci failed:\n${all}`);
}

/** Whether the commit's TypeScript, package.json or lock file differs, so that it may synthesize the same files differently. */
export async function codeDiffers(base: Base, folder: string): Promise<boolean> {
  const differs = (file: string) =>
    /\.[cm]?ts$/.test(file) || /(^|\/)package(-lock)?\.json$/.test(file) || isDependency(file);
  return (await differingFiles(base, folder)).some(
    (file) => differs(file) && !/(^|\/)__tests__\//.test(file),
  );
}

/** Whether `npm ci` would install something else for the commit. */
async function dependenciesDiffer(base: Base, folder: string): Promise<boolean> {
  return (await differingFiles(base, folder)).some(isDependency);
}

function isDependency(file: string): boolean {
  return file === "package-lock.json" || file.startsWith("packages/");
}

/** The files that differ between a commit and the work tree. */
async function differingFiles(base: Base, folder: string): Promise<string[]> {
  const known = ["diff", "--name-only", "--no-renames", "--relative", "-z", base.commit, "--", "."];
  const unknown = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
  const lists = [await git(known, folder), await git(unknown, folder)];
  return lists.flatMap((list) => list.split("\0")).filter((file) => file !== "");
}
