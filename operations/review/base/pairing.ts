import { posix } from "node:path";
import { environmentFile } from "../../../configuration/environment.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import type { BaseProject } from "./base-project.ts";
import { type Base, baseText, git } from "./git.ts";
import { type GitFiles, separated } from "./git-files.ts";
import type { WorkTree } from "./work-tree.ts";

/**
 * The project's folder at the base, from the top of the repository. It is another one if the project moved since.
 *
 * @param before the files of the base
 * @returns "" or a path with a slash at its end; undefined if the project is new
 * @throws UsageError if the project may come from several folders
 */
export function folderAtBase(
  base: Base,
  before: GitFiles,
  { prefix, has }: WorkTree,
): string | undefined {
  if (before.has(`${prefix}main.ts`)) return prefix;
  const gone = [...before.keys()].flatMap((path) => {
    const folder = path.slice(0, -"main.ts".length);
    const isProject = posix.basename(path) === "main.ts" && before.has(`${folder}cdktf.json`);
    return isProject && !has(path) ? [folder] : [];
  });
  if (gone.length > 1)
    throw new UsageError(
      `${baseText(base)} has no project in this folder, but in several that are gone: ${listed(gone.map(folderName))}; move one project per change`,
    );
  return gone[0];
}

/** The name of a folder in a message: the top of the repository is ".". */
export function folderName(prefix: string): string {
  return prefix === "" ? "." : prefix.slice(0, -1);
}

/**
 * The name of an environment at the base. It is another one if its file was renamed since.
 *
 * @param name its name today
 * @returns undefined if the environment is new
 * @throws UsageError if it may come from several environments
 */
export async function environmentAtBase(
  { base, files, prefix }: BaseProject,
  tree: WorkTree,
  name: string,
): Promise<string | undefined> {
  if (files.has(prefix + environmentFile(name))) return name;
  const gone = environmentsIn(files, prefix).filter(
    (each) => !tree.has(tree.prefix + environmentFile(each)),
  );
  if (gone.length < 2) return gone[0];
  const folders = [prefix, tree.prefix].map((each) => `:(top,literal)${each}environments`);
  const renames = ["diff", "--find-renames", "--diff-filter=R", "--name-status", "-z", base.commit];
  const found = separated(await git([...renames, "--", ...folders], tree.folder));
  // R<similarity>, <old path>, <new path>
  const source = found[found.indexOf(tree.prefix + environmentFile(name)) - 1];
  const paired = gone.find((each) => prefix + environmentFile(each) === source);
  if (paired !== undefined) return paired;
  throw new UsageError(
    `the environment ${quoted(name)} is new since ${baseText(base)}, and several are gone: ${listed(gone)}; rename one environment per change, so that the review knows which one it was`,
  );
}

function environmentsIn(files: GitFiles, prefix: string): string[] {
  const [start = "", end = ""] = (prefix + environmentFile("*")).split("*");
  return [...files.keys()]
    .filter((path) => path.startsWith(start) && path.endsWith(end))
    .map((path) => path.slice(start.length, -end.length))
    .filter((name) => !name.includes("/"));
}
