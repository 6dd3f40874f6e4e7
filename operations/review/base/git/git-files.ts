import { type Base, git } from "./git.ts";
import { quoted } from "../../../../text/quoted.ts";

/**
 * Modes of the files that Git has in a commit or in the index, by path from the top of the repository.
 *
 * @see https://git-scm.com/docs/git-ls-tree#_output_format
 */
export type GitFiles = ReadonlyMap<string, string>;

const regularMode = "100644";
const linkMode = "120000";
const submoduleMode = "160000";

/** The files of a commit. */
export async function committedFiles(base: Base, folder: string): Promise<GitFiles> {
  const tree = await entriesOfTree(base, folder);
  return new Map(tree.map(([status, path]) => [path, status.slice(0, 6)]));
}

/**
 * The texts of regular files of a commit, read at once: there may be thousands of them.
 *
 * @param paths their paths from the top of the repository
 */
export async function committedTexts(
  paths: readonly string[],
  base: Base,
  folder: string,
): Promise<string[]> {
  if (paths.length === 0) return [];
  const tree = await entriesOfTree(base, folder);
  const objects = new Map(tree.map(([status, path]) => [path, status.split(" ")[2] ?? ""]));
  const input = paths.map((path) => `${objects.get(path) ?? ""}\n`).join("");
  const output = await git(["cat-file", "--batch"], folder, { input, isBinary: true });
  let position = 0;
  return paths.map(() => {
    // <object> <type> <size>\n<content>\n
    const start = output.indexOf("\n", position) + 1;
    const end = start + Number(output.slice(position, start).split(" ")[2]);
    position = end + 1;
    return Buffer.from(output.slice(start, end), "latin1").toString();
  });
}

/** The last commit whose files were read, and those files. A commit never changes. */
let lastRead: { readonly commit: string; readonly files: Promise<Entry[]> } | undefined;

/** A file as Git lists it. */
type Entry = readonly [status: string, path: string];

/** The files of a commit, each with "<mode> <type> <object>". */
async function entriesOfTree({ commit }: Base, folder: string): Promise<Entry[]> {
  if (lastRead?.commit !== commit) {
    const files = git(["ls-tree", "-r", "-z", "--full-tree", commit], folder).then(entries);
    lastRead = { commit, files };
  }
  return lastRead.files;
}

/** The files of the index, and those of which Git was told to ignore changes. */
export interface Index {
  readonly files: GitFiles;
  /** Paths of files whose changes Git does not report. */
  readonly hidden: readonly string[];
}

/** Reads the index. */
export async function readIndex(folder: string): Promise<Index> {
  const listed = await git(["ls-files", "-v", "--stage", "-z", "--full-name", "--", ":/"], folder);
  // <tag> <mode> <object> <stage>\t<path>, with a tag in lower case for assume-unchanged, and S for skip-worktree
  const found = entries(listed);
  return {
    files: new Map(
      found.map(([status, path]) => [
        path,
        status.endsWith(" 0") ? status.slice(2, 8) : "unmerged",
      ]),
    ),
    hidden: found.filter(([status]) => /^[a-zS]/.test(status)).map(([, path]) => path),
  };
}

function entries(listed: string): Entry[] {
  return separated(listed).map((entry) => {
    const tab = entry.indexOf("\t");
    return [entry.slice(0, tab), entry.slice(tab + 1)];
  });
}

/** The texts in a list that Git prints with `-z`. */
export function separated(list: string): string[] {
  return list.split("\0").filter((text) => text !== "");
}

/** The submodules in a folder, by path from the top of the repository. */
export function submodulesIn(files: GitFiles, prefix: string): string[] {
  return [...files].flatMap(([path, mode]) =>
    mode === submoduleMode && path.startsWith(prefix) ? [path] : [],
  );
}

/** A reason why Git does not have a file's content under its own name, and what to do about it. */
export interface Irregularity {
  readonly problem: string;
  readonly fix: string;
}

/** The reason why a file is not a regular one that Git has; undefined if it is. */
export function irregularity(files: GitFiles, path: string): Irregularity | undefined {
  const folders = path.split("/").map((_, index, parts) => parts.slice(0, index).join("/"));
  for (const folder of folders) {
    if (files.get(folder) === linkMode) return belowLink(folder);
    if (files.get(folder) === submoduleMode)
      return { problem: `is in the submodule ${quoted(folder)}`, fix: "move it out of there" };
  }
  const mode = files.get(path);
  if (mode === regularMode) return undefined;
  if (mode === undefined) return { problem: "is not in Git", fix: "git add it" };
  if (mode === linkMode) return aLink;
  if (mode === submoduleMode) return { problem: "is a submodule", fix: "replace it with a file" };
  return mode === "unmerged"
    ? { problem: "has a merge conflict", fix: "resolve it, and git add the file" }
    : { problem: "is executable", fix: "remove that (chmod -x), and git add it" };
}

/** The irregularity of a file in a folder that is a symbolic link. */
export function belowLink(folder: string): Irregularity {
  return {
    problem: `is below ${quoted(folder)}, which is a symbolic link`,
    fix: "name the file by the path that it really has",
  };
}

/** The irregularity of a symbolic link. */
export const aLink: Irregularity = {
  problem: "is a symbolic link",
  fix: "replace it with the file, and git add it",
};
