import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { environmentFile } from "../../../configuration/environment.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import type { BaseProject } from "./base-project.ts";
import { type Deployment, deploymentOf } from "./deployment.ts";
import { type Base, baseText, git } from "./git/git.ts";
import { type GitFiles, separated } from "./git/git-files.ts";
import type { WorkTree } from "./git/work-tree.ts";

/** A project or an environment of the base that a new one may come from. */
interface Candidate {
  /** The project's folder, or the environment's name. */
  readonly name: string;
  /** Whether the work tree does not have it any more. */
  readonly isGone: boolean;
  /** Whether it has the same Keycloak and the same state as the environment that is reviewed. */
  readonly isSame: boolean;
}

/** What a new project or environment is compared with at the base. */
export interface Paired {
  readonly name: string;
  /** Whether the work tree still has it, so that the new one is a copy. */
  readonly isCopy: boolean;
}

/**
 * Chooses what something new comes from, by the first of these lists that has only one entry:
 *
 * 1. what is gone and has the same Keycloak and state
 * 2. what has the same Keycloak and state, if copies count
 * 3. what is gone
 *
 * @returns undefined if it is new; the names if several are gone
 */
function choose(
  candidates: readonly Candidate[],
  copiesCount: boolean,
): Paired | undefined | string[] {
  const gone = candidates.filter(({ isGone }) => isGone);
  const same = candidates.filter(({ isGone, isSame }) => isSame && (isGone || copiesCount));
  const goneAndSame = gone.filter(({ isSame }) => isSame);
  const only = [goneAndSame, same, gone].find((list) => list.length === 1)?.[0];
  if (only) return { name: only.name, isCopy: !only.isGone };
  return gone.length > 1 ? gone.map(({ name }) => name) : undefined;
}

/**
 * The project's folder at the base, from the top of the repository. It is another one if the project moved since, or is a copy.
 *
 * @param files the files of the base
 * @param name the environment that is reviewed
 * @param copiesCount whether it may be a copy of one that is still there
 * @returns "" or a path with a slash at its end; undefined if the project is new
 * @throws UsageError if the project may come from several folders
 */
export async function folderAtBase(
  base: Base,
  files: GitFiles,
  tree: WorkTree,
  name: string,
  copiesCount: boolean,
): Promise<Paired | undefined> {
  if (files.has(`${tree.prefix}main.ts`)) return { name: tree.prefix, isCopy: false };
  const today = await deploymentToday(tree, name);
  const found = choose(
    await Promise.all(
      projectsIn(files).map(async (prefix) => {
        const project = { base, files, prefix, folder: tree.folder };
        const environments = environmentsIn(files, prefix);
        const before = await Promise.all(environments.map((each) => deploymentAt(project, each)));
        return {
          name: prefix,
          isGone: !tree.has(`${prefix}main.ts`),
          isSame: before.some((each) => isSame(each, today)),
        };
      }),
    ),
    copiesCount,
  );
  if (!Array.isArray(found)) return found;
  throw new UsageError(
    `${baseText(base)} has no project in this folder, but in several that are gone: ${listed(found.map(folderName))}; move one project per change`,
  );
}

/** The name of a folder in a message: the top of the repository is ".". */
export function folderName(prefix: string): string {
  return prefix === "" ? "." : prefix.slice(0, -1);
}

/**
 * The name of an environment at the base. It is another one if its file was renamed since, or is a copy.
 *
 * @param name its name today
 * @param copiesCount whether it may be a copy of one that is still there
 * @returns undefined if the environment is new
 * @throws UsageError if it may come from several environments
 */
export async function environmentAtBase(
  project: BaseProject,
  tree: WorkTree,
  name: string,
  copiesCount: boolean,
): Promise<Paired | undefined> {
  const { base, files, prefix } = project;
  if (files.has(prefix + environmentFile(name))) return { name, isCopy: false };
  const today = await deploymentToday(tree, name);
  const found = choose(
    await Promise.all(
      environmentsIn(files, prefix).map(async (each) => ({
        name: each,
        isGone: ![tree.prefix, prefix].some((folder) => tree.has(folder + environmentFile(each))),
        isSame: isSame(await deploymentAt(project, each), today),
      })),
    ),
    copiesCount,
  );
  if (!Array.isArray(found)) return found;
  const source = await renamedFrom(project, tree, name);
  const paired = found.find((each) => prefix + environmentFile(each) === source);
  if (paired !== undefined) return { name: paired, isCopy: false };
  throw new UsageError(
    `the environment ${quoted(name)} is new since ${baseText(base)}, and several are gone: ${listed(found)}; rename one environment per change, so that the review knows which one it was`,
  );
}

/** The path of an environment's file at the base, if Git finds that it was renamed. */
async function renamedFrom(
  { base, prefix }: BaseProject,
  tree: WorkTree,
  name: string,
): Promise<string | undefined> {
  const folders = [prefix, tree.prefix].map((each) => `:(top,literal)${each}environments`);
  const renames = ["diff", "--find-renames", "--diff-filter=R", "--name-status", "-z", base.commit];
  const found = separated(await git([...renames, "--", ...folders], tree.folder));
  // R<similarity>, <old path>, <new path>
  return found[found.indexOf(tree.prefix + environmentFile(name)) - 1];
}

async function deploymentToday(tree: WorkTree, name: string): Promise<Deployment | undefined> {
  const text = await readFile(join(tree.folder, environmentFile(name)), "utf8");
  return deploymentOf(text, tree.prefix);
}

async function deploymentAt(
  { base, prefix, folder }: BaseProject,
  name: string,
): Promise<Deployment | undefined> {
  const object = `${base.commit}:${prefix}${environmentFile(name)}`;
  return deploymentOf(await git(["cat-file", "blob", object], folder), prefix);
}

function isSame(before: Deployment | undefined, today: Deployment | undefined): boolean {
  return today !== undefined && isDeepStrictEqual(before, today);
}

function projectsIn(files: GitFiles): string[] {
  return [...files.keys()].flatMap((path) => {
    const folder = path.slice(0, -"main.ts".length);
    return posix.basename(path) === "main.ts" && files.has(`${folder}cdktf.json`) ? [folder] : [];
  });
}

function environmentsIn(files: GitFiles, prefix: string): string[] {
  const [start = "", end = ""] = (prefix + environmentFile("*")).split("*");
  return [...files.keys()]
    .filter((path) => path.startsWith(start) && path.endsWith(end))
    .map((path) => path.slice(start.length, -end.length))
    .filter((name) => !name.includes("/"));
}
