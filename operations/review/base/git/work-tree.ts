import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import {
  customersFilesIn,
  isFolder,
} from "../../../../configuration/customers/customers-folder.ts";
import type { Environment } from "../../../../configuration/environment.ts";
import { UsageError } from "../../../../text/errors.ts";
import { quoted } from "../../../../text/quoted.ts";
import { git, tryGit } from "./git.ts";
import {
  aLink,
  belowLink,
  type GitFiles,
  irregularity,
  type Irregularity,
  readIndex,
} from "./git-files.ts";
import { keyFilesIn } from "../key-files.ts";
import {
  customersSources,
  environmentSource,
  mainSource,
  notComparable,
  outside,
  pathInRepository,
  type Source,
} from "../sources.ts";

/** The work tree that is reviewed. */
export interface WorkTree {
  /** The project's folder. */
  readonly folder: string;
  /** The project's folder from the top of the repository, "" or with a slash at its end. */
  readonly prefix: string;
  /** The files with the customers. */
  readonly customersFiles: readonly Source[];
  /** The files with public keys that those name. */
  readonly keyFiles: readonly Source[];
  /** Whether the index and the work tree have a file, by its path from the top of the repository. */
  readonly has: (path: string) => boolean;
}

/**
 * Reads the work tree of a project, and makes sure that Git has the files of an environment. Their edits need no commit.
 *
 * @throws UsageError that names a file that Git does not have as a regular one, or of which it hides changes, and the fix
 */
export async function readWorkTree(
  { name, customers }: Environment,
  folder = process.cwd(),
): Promise<WorkTree> {
  const prefix = (await git(["rev-parse", "--show-prefix"], folder)).slice(0, -1);
  const { files, hidden } = await readIndex(folder);
  const exists = (path: string) => existsSync(join(folder, posix.relative(prefix, path)));
  refuseHidden(hidden.filter((path) => path.startsWith(prefix) && exists(path)));
  const needInGit = async (source: Source) => {
    const found = await irregularityOf(source, files, prefix, folder);
    if (found) throw notComparable("work tree", source, found);
  };
  const customersFiles = customersSources(customers, (path) => namesIn(join(folder, path)));
  for (const source of [mainSource, environmentSource(name), ...customersFiles])
    await needInGit(source);
  const keyFiles = keyFilesIn(customersFiles.map(({ file }) => textOf(join(folder, file))));
  for (const source of keyFiles) await needInGit(source);
  return {
    folder,
    prefix,
    customersFiles,
    keyFiles,
    has: (path) => files.has(path) && exists(path),
  };
}

function namesIn(path: string): string[] {
  return isFolder(path) ? customersFilesIn(path) : [];
}

/** The text of a file; an empty one if it cannot be read, which the declaration reports. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function refuseHidden(files: readonly string[]): void {
  if (files.length === 0) return;
  const names = files.map((file) => `\n  ${quoted(file)}`).join("");
  throw new UsageError(
    `work tree: Git is told to hide changes of these files, so they cannot be compared; run git update-index --no-assume-unchanged and --no-skip-worktree on them:${names}`,
  );
}

async function irregularityOf(
  source: Source,
  files: GitFiles,
  prefix: string,
  folder: string,
): Promise<Irregularity | undefined> {
  const path = pathInRepository(source, prefix);
  if (path === undefined) return outside;
  const found = linkOnPath(source.file, folder) ?? irregularity(files, path);
  if (!found) return undefined;
  const ignored = await tryGit(["check-ignore", "--quiet", "--", source.file], folder);
  return ignored.exitCode === 0 ? isIgnored : found;
}

const isIgnored: Irregularity = {
  problem: "is ignored by Git",
  fix: "remove it from .gitignore, and git add it",
};

/** Whether a path is a symbolic link. If it is no path at all, reading it as a file reports that. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The work tree may have a link that the index does not have. */
function linkOnPath(file: string, folder: string): Irregularity | undefined {
  const parts = file.split("/");
  for (const [index] of parts.entries()) {
    const path = parts.slice(0, index + 1).join("/");
    if (isLink(join(folder, path))) return path === file ? aLink : belowLink(path);
  }
  return undefined;
}
