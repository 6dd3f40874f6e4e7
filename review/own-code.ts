import { existsSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Environment } from "../configuration/environment.ts";
import { synthesize, type Synthesis } from "../terraform/synthesize.ts";
import { ExplainedError } from "../text/errors.ts";
import { type Base, git, tryGit } from "./git.ts";

/** What is synthesized, and with what. */
export interface OwnCode {
  /** The commit. */
  readonly base: Base;
  /** REALM_ENV and those that stand in for parts of its file. */
  readonly variables: NodeJS.ProcessEnv;
  /** The project's folder. */
  readonly folder: string;
  /** A folder for what does not stay. */
  readonly temporary: string;
  /** The commit's environment, if today's code can read it. */
  readonly environment: Environment | undefined;
}

/**
 * Synthesizes a commit in a Git work tree of its own, with its own code and, where they are others, its own dependencies.
 *
 * @throws ExplainedError if Git or npm fails, or the commit's files are not valid
 */
export async function withOwnCode(task: OwnCode): Promise<Synthesis> {
  const { base, variables, folder, temporary, environment } = task;
  const tree = join(temporary, "tree");
  try {
    const add = ["worktree", "add", "--detach", "--quiet", tree, base.commit];
    await git(["-c", "core.hooksPath=/dev/null", ...add], folder);
    const prefix = (await git(["rev-parse", "--show-prefix"], folder)).trim();
    const project = join(tree, prefix);
    if (await dependenciesDiffer(base, folder)) await install(project);
    else await symlink(join(folder, "node_modules"), join(project, "node_modules"));
    const customers = join(project, environment?.customers ?? "customers.yaml");
    const none = join(temporary, "none.yaml");
    await writeFile(none, "customers: {}\n");
    const chosen = existsSync(customers) ? variables : { ...variables, CUSTOMERS_FILE: none };
    return await synthesize(join(temporary, "out"), chosen, { folder: project });
  } finally {
    await tryGit(["worktree", "remove", "--force", "--force", tree], folder);
  }
}

async function install(project: string): Promise<void> {
  const { exitCode, all } = await execa("npm", ["ci"], { cwd: project, all: true, reject: false });
  if (exitCode !== 0) throw new ExplainedError(3, `npm ci failed:\n${all}`);
}

/** True where other TypeScript, package.json or lock file would make something else of the same files. */
export async function codeDiffers(base: Base, folder: string): Promise<boolean> {
  const differs = (file: string) =>
    /\.[cm]?ts$/.test(file) || /(^|\/)package(-lock)?\.json$/.test(file) || isDependency(file);
  return (await filesSince(base, folder)).some(
    (file) => differs(file) && !/(^|\/)__tests__\//.test(file),
  );
}

/** True where npm ci would install something else. */
async function dependenciesDiffer(base: Base, folder: string): Promise<boolean> {
  return (await filesSince(base, folder)).some(isDependency);
}

function isDependency(file: string): boolean {
  return file === "package-lock.json" || file.startsWith("packages/");
}

/** What differs between a commit and the work tree as it is. */
async function filesSince(base: Base, folder: string): Promise<string[]> {
  const known = ["diff", "--name-only", "--no-renames", "--relative", "-z", base.commit, "--", "."];
  const unknown = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
  const lists = [await git(known, folder), await git(unknown, folder)];
  return lists.flatMap((list) => list.split("\0")).filter((file) => file !== "");
}
