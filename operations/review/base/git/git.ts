import {
  type ProgramOptions,
  type ProgramResult,
  runProgram,
} from "../../../../system/programs/run-program.ts";
import { withoutCredentials } from "../../../../system/programs/without-credentials.ts";
import { UnavailableError, UsageError } from "../../../../text/errors.ts";
import { quoted } from "../../../../text/quoted.ts";
import { readable } from "../../../../text/readable.ts";

/** Settings that the configuration of a clone must not decide. */
const settings = [
  // a program that could hide changes
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "diff.relative=false",
  // its check of a signature would be part of the output
  "log.showSignature=false",
  "submodule.recurse=false",
].flatMap((setting) => ["-c", setting]);

type GitOptions = Pick<ProgramOptions, "isCleanup" | "input" | "isBinary">;

/**
 * Runs Git without optional writes, whether or not it succeeds. Neither the variables of a Git hook nor replaced objects have an effect.
 *
 * @throws UnavailableError if Git is not installed
 * @see https://git-scm.com/docs/git#_environment_variables
 */
export async function tryGit(
  args: readonly string[],
  folder = ".",
  options: GitOptions = {},
): Promise<ProgramResult> {
  const variables = {
    ...withoutCredentials(process.env),
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
  const result = await runProgram("git", [...settings, ...args], { folder, variables, ...options });
  if (result.isMissing) throw new UnavailableError("git is not installed; install it");
  return result;
}

/**
 * Runs Git and returns its output.
 *
 * @throws UnavailableError with Git's message if it fails
 */
export async function git(
  args: readonly string[],
  folder?: string,
  options?: GitOptions,
): Promise<string> {
  const result = await tryGit(args, folder, options);
  if (result.exitCode === 0) return result.stdout;
  throw gitFailure(
    args.find((arg) => !arg.startsWith("-") && !arg.includes("=")),
    result,
  );
}

function gitFailure(command = "", { stderr }: ProgramResult): UnavailableError {
  return new UnavailableError(`git ${command} failed:\n${readable(stderr)}`);
}

/** The commit that a change starts from. */
export interface Base {
  /** The ref that the user named. */
  readonly ref: string;
  /** The commit at which HEAD diverged from it, or the ref's own. */
  readonly commit: string;
}

/** A base in a message, with the ref as the user named it. */
export function baseText({ ref, commit }: Base): string {
  return `the base ${quoted(ref)} (${commit.slice(0, 7)})`;
}

/** The commit that is reviewed. */
export interface Head {
  readonly commit: string;
  /** Whether the work tree of the repository differs from the commit. */
  readonly workTreeChanged: boolean;
}

/**
 * The commit at which HEAD diverged from a ref. Later commits of the ref are not part of HEAD's change.
 *
 * @throws UsageError outside of a repository and for an unknown ref
 * @throws UnavailableError if a shallow clone lacks the history
 */
export async function baseOf(ref: string, folder?: string): Promise<Base> {
  const commit = await commitOf(ref, folder);
  return { ref, commit: (await forkOf(ref, commit, folder)) ?? commit };
}

/**
 * The commit of a ref that is deployed. HEAD may lack commits of it. A deploy then takes them back, so they are part of its change.
 *
 * @throws UsageError outside of a repository and for an unknown ref
 * @throws UnavailableError if a shallow clone lacks the history
 */
export async function deployedBaseOf(ref: string, folder?: string): Promise<Base> {
  const commit = await commitOf(ref, folder);
  await forkOf(ref, commit, folder);
  return { ref, commit };
}

async function commitOf(ref: string, folder: string | undefined): Promise<string> {
  await needWorkTree(folder);
  const found = await tryGit(
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
    folder,
  );
  if (found.exitCode === 0) return found.stdout.trim();
  await needHistory(ref, folder);
  throw new UsageError(
    `--base: Git knows no commit ${quoted(ref)}; name a branch, tag or commit, such as origin/main, and git fetch it first`,
  );
}

/** The commit at which HEAD diverged from a ref's; undefined if they have none in common. */
async function forkOf(
  ref: string,
  commit: string,
  folder: string | undefined,
): Promise<string | undefined> {
  const fork = await tryGit(["merge-base", "HEAD", commit], folder);
  if (fork.exitCode === 0) return fork.stdout.trim();
  await headOf(folder);
  await needHistory(ref, folder);
  return undefined;
}

/** @throws UnavailableError if a clone is shallow, so that it may lack the history between HEAD and a ref */
async function needHistory(ref: string, folder: string | undefined): Promise<void> {
  const shallow = await git(["rev-parse", "--is-shallow-repository"], folder);
  if (shallow.trim() !== "true") return;
  throw new UnavailableError(
    `this clone is shallow and does not reach from HEAD to ${quoted(ref)}; run git fetch --unshallow (in GitHub Actions: fetch-depth: 0)`,
  );
}

/**
 * HEAD's commit, and whether the work tree differs from it.
 *
 * @throws UsageError outside of a repository, or if it has no commit
 * @see https://git-scm.com/docs/git-status#_porcelain_format_version_2
 */
export async function headOf(folder?: string): Promise<Head> {
  const status = ["status", "--porcelain=v2", "--branch"];
  const options = ["--untracked-files=normal", "--ignore-submodules=none"];
  const found = await tryGit([...status, ...options], folder);
  if (found.exitCode !== 0) {
    await needWorkTree(folder);
    throw gitFailure("status", found);
  }
  const [, commit] = /^# branch\.oid ([0-9a-f]+)$/m.exec(found.stdout) ?? [];
  if (commit === undefined) throw new UsageError("this repository has no commit yet; commit first");
  return { commit, workTreeChanged: /^[^#]/m.test(found.stdout) };
}

async function needWorkTree(folder: string | undefined): Promise<void> {
  const { stdout, stderr } = await tryGit(["rev-parse", "--is-inside-work-tree"], folder);
  if (stdout.trim() === "true") return;
  throw new UsageError(
    stderr.includes("dubious ownership")
      ? `git refuses to read this folder:\n${stderr.trim()}`
      : "this is not a work tree of a Git repository; run this in a clone of the project",
  );
}

/**
 * The day before a commit was made, in UTC: `2027-06-29`. What it declares was deployed later, wherever the clock of its author was.
 *
 * @throws UnavailableError with Git's message if it fails
 */
export async function dayBefore({ commit }: Base, folder?: string): Promise<string> {
  const seconds = Number(await git(["show", "--no-patch", "--format=%ct", commit], folder));
  return new Date((seconds - 24 * 60 * 60) * 1_000).toISOString().slice(0, "2027-06-29".length);
}
