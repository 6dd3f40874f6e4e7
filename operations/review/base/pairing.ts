import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { environmentFile } from "../../../configuration/environment.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import type { BaseProject } from "./base-project.ts";
import { type Base, baseText, git } from "./git.ts";
import { type GitFiles, separated } from "./git-files.ts";
import { deploymentOf } from "./deployment.ts";
import type { WorkTree } from "./work-tree.ts";

/**
 * The project's folder at the base, from the top of the repository. It is another one if the project moved since, or if it is a copy
 * of a project that is still there and deploys to the same realm.
 *
 * @param files the files of the base
 * @param name the environment that is reviewed
 * @returns "" or a path with a slash at its end; undefined if the project is new
 * @throws UsageError if the project may come from several folders
 */
export async function folderAtBase(
  base: Base,
  files: GitFiles,
  tree: WorkTree,
  name: string,
): Promise<string | undefined> {
  if (files.has(`${tree.prefix}main.ts`)) return tree.prefix;
  const projects = projectsIn(files);
  const gone = projects.filter((folder) => !tree.has(`${folder}main.ts`));
  if (gone.length > 1)
    throw new UsageError(
      `${baseText(base)} has no project in this folder, but in several that are gone: ${listed(gone.map(folderName))}; move one project per change`,
    );
  if (gone.length === 1) return gone[0];
  for (const prefix of projects) {
    const project = { base, files, prefix, folder: tree.folder };
    if ((await withSameDeployment(project, tree, name)) !== undefined) return prefix;
  }
  return undefined;
}

function projectsIn(files: GitFiles): string[] {
  return [...files.keys()].flatMap((path) => {
    const folder = path.slice(0, -"main.ts".length);
    return posix.basename(path) === "main.ts" && files.has(`${folder}cdktf.json`) ? [folder] : [];
  });
}

/** The name of a folder in a message: the top of the repository is ".". */
export function folderName(prefix: string): string {
  return prefix === "" ? "." : prefix.slice(0, -1);
}

/**
 * The name of an environment at the base. It is another one if its file was renamed since, or if it is a copy of one that deploys to
 * the same realm.
 *
 * @param name its name today
 * @returns undefined if the environment is new
 * @throws UsageError if it may come from several environments
 */
export async function environmentAtBase(
  project: BaseProject,
  tree: WorkTree,
  name: string,
): Promise<string | undefined> {
  const { base, files, prefix } = project;
  if (files.has(prefix + environmentFile(name))) return name;
  const same = await withSameDeployment(project, tree, name);
  if (same !== undefined) return same;
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

/** The name of the base's environment that deploys to the same realm as one of the work tree. */
async function withSameDeployment(
  { base, files, prefix, folder }: BaseProject,
  tree: WorkTree,
  name: string,
): Promise<string | undefined> {
  const today = deploymentOf(await readFile(join(tree.folder, environmentFile(name)), "utf8"));
  if (!today) return undefined;
  for (const each of environmentsIn(files, prefix)) {
    const object = `${base.commit}:${prefix}${environmentFile(each)}`;
    const before = deploymentOf(await git(["cat-file", "blob", object], folder));
    if (isDeepStrictEqual(before, today)) return each;
  }
  return undefined;
}

function environmentsIn(files: GitFiles, prefix: string): string[] {
  const [start = "", end = ""] = (prefix + environmentFile("*")).split("*");
  return [...files.keys()]
    .filter((path) => path.startsWith(start) && path.endsWith(end))
    .map((path) => path.slice(start.length, -end.length))
    .filter((name) => !name.includes("/"));
}
