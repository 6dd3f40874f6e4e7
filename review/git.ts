import { execa } from "execa";
import { ExplainedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";

/** Runs Git, which may not write what it need not. */
export async function tryGit(args: readonly string[], folder = ".") {
  const result = await execa("git", args, {
    cwd: folder,
    env: { GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 200_000_000,
  });
  if (result.code === "ENOENT") throw new ExplainedError(3, "git is not installed; install it");
  return result;
}

/**
 * Runs Git and returns what it printed.
 *
 * @throws ExplainedError (3) with Git's own words if it fails
 */
export async function git(args: readonly string[], folder?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await tryGit(args, folder);
  if (exitCode === 0) return stdout;
  const command = args.find((arg) => !arg.startsWith("-") && !arg.includes("=")) ?? "";
  throw new ExplainedError(3, `git ${command} failed:\n${stderr.trim()}`);
}

/** Where a change starts. */
export interface Base {
  /** What the user called it. */
  readonly ref: string;
  /** The commit where HEAD parted from it. */
  readonly commit: string;
}

/** Where a change is. */
export interface Head {
  readonly commit: string;
  /** True if the work tree holds what no commit does. */
  readonly workTreeChanged: boolean;
}

/**
 * Where HEAD parted from a ref: what the ref got since is no part of HEAD's change.
 *
 * @throws ExplainedError for what is no repository (2), an unknown ref (2) and history that is not there (3)
 */
export async function baseOf(ref: string, folder?: string): Promise<Base> {
  await needWorkTree(folder);
  const shallow = (await git(["rev-parse", "--is-shallow-repository"], folder)).trim() === "true";
  const found = await tryGit(
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
    folder,
  );
  const missing = shallow
    ? new ExplainedError(
        3,
        `this clone is shallow and does not reach from HEAD to ${quoted(ref)}; run git fetch --unshallow (in GitHub Actions: fetch-depth: 0)`,
      )
    : undefined;
  if (found.exitCode !== 0)
    throw (
      missing ??
      new ExplainedError(
        2,
        `--base: Git knows no commit ${quoted(ref)}; name a branch, tag or commit, such as origin/main, and git fetch it first`,
      )
    );
  await headOf(folder);
  const commit = found.stdout.trim();
  const fork = await tryGit(["merge-base", "HEAD", commit], folder);
  if (fork.exitCode === 0) return { ref, commit: fork.stdout.trim() };
  if (missing) throw missing;
  return { ref, commit };
}

/**
 * Where HEAD and the work tree are.
 *
 * @throws ExplainedError (2) for what is no repository, or has no commit
 */
export async function headOf(folder?: string): Promise<Head> {
  await needWorkTree(folder);
  const head = await tryGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], folder);
  if (head.exitCode !== 0)
    throw new ExplainedError(2, "this repository has no commit yet; commit first");
  const changes = await git(["status", "--porcelain", "--", "."], folder);
  return { commit: head.stdout.trim(), workTreeChanged: changes !== "" };
}

async function needWorkTree(folder: string | undefined): Promise<void> {
  const { stdout, stderr } = await tryGit(["rev-parse", "--is-inside-work-tree"], folder);
  if (stdout.trim() === "true") return;
  throw new ExplainedError(
    2,
    stderr.includes("dubious ownership")
      ? `git refuses to read this folder:\n${stderr.trim()}`
      : "this is no work tree of a Git repository; run this in a clone of the project",
  );
}
