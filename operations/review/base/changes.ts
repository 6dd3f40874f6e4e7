import { posix } from "node:path";
import { hasKeyExtension } from "../../../configuration/customers/keys/key-files.ts";
import { UsageError } from "../../../text/errors.ts";
import { type Base, git, tryGit } from "./git/git.ts";
import { separated } from "./git/git-files.ts";
import { folderName } from "./pairing.ts";
import type { WorkTree } from "./git/work-tree.ts";

/**
 * The files that differ between a base and the work tree. Their paths are from the project's folder: `main.ts`, or `../lib/names.ts`
 * for a file elsewhere in the repository.
 *
 * @param before the project's folder at the base, from the top of the repository
 * @throws UsageError if the project moved and that is not committed
 */
export async function changedFiles(
  base: Base,
  before: string,
  { folder, prefix }: WorkTree,
): Promise<string[]> {
  const list = async (...args: readonly string[]) => separated(await git(args, folder));
  const diff = ["diff", "--name-only", "--no-renames", "--ignore-submodules=none", "-z"];
  const fromTop = (paths: readonly string[]) => paths.map((path) => posix.relative(prefix, path));
  const isMoved = before !== prefix;
  if (isMoved) await needCommittedMove(prefix, folder);
  const committed = isMoved
    ? await list(...diff, `${base.commit}:${before}`, `HEAD:${prefix}`)
    : [];
  const [known, unknown] = await Promise.all([
    list(...diff, isMoved ? "HEAD" : base.commit, "--", ":/"),
    list("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"),
  ]);
  return [...new Set([...committed, ...fromTop(known), ...fromTop(unknown)])].sort();
}

async function needCommittedMove(prefix: string, folder: string): Promise<void> {
  const main = await tryGit(["cat-file", "-e", `HEAD:${prefix}main.ts`], folder);
  if (main.exitCode === 0) return;
  throw new UsageError(
    `the project moved to the folder ${folderName(prefix)}; commit that, so that the review can compare it`,
  );
}

/** Whether `npm ci` may install something else if a file differs. */
export function isDependency(file: string): boolean {
  return file === "package-lock.json" || file.startsWith("packages/");
}

/**
 * Of changed files, those that decide how a change is reviewed, such as commands, constructs, workflows and dependencies. Those are all
 * but the team's own files, documents and examples. Of the team's files, `environments/pipeline` decides which environment is reviewed.
 * Elsewhere in the repository, only pipelines review this project.
 *
 * @param customers the customers' files of both sides
 */
export function filesThatReview(
  changed: readonly string[],
  customers: readonly string[],
): string[] {
  const reviewsNothing = new Set(["main.ts", "customers.schema.json", "LICENSE", ...customers]);
  return changed.filter((file) => {
    if (isCodeOwners(file)) return false;
    if (file.startsWith("../")) return isOfPipelines(file);
    return !(
      reviewsNothing.has(file) ||
      /^(docs|examples)\/|^environments\/.*\.yaml$/.test(file) ||
      (/^keys\/[^/.][^/]*$/.test(file) && hasKeyExtension(file)) ||
      file.endsWith(".md")
    );
  });
}

function isOfPipelines(file: string): boolean {
  return /^(\.\.\/)*(\.(github|gitlab)\/|\.gitlab-ci\.yml$)/.test(file);
}

function isCodeOwners(file: string): boolean {
  return /^(\.\.\/)*\.(github|gitlab)\/CODEOWNERS$/.test(file);
}
