import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Base, baseText } from "./git/git.ts";
import { committedTexts, type GitFiles, irregularity } from "./git/git-files.ts";
import { notComparable, outside, pathInRepository, type Source } from "./sources.ts";

/** The project of a base, as Git has it. */
export interface BaseProject {
  readonly base: Base;
  /** The files of the base. */
  readonly files: GitFiles;
  /** The project's folder at the base, from the top of the repository, "" or with a slash at its end. */
  readonly prefix: string;
  /** The project's folder today. */
  readonly folder: string;
}

/**
 * Makes sure that a source is a regular file of the base.
 *
 * @param fix the advice for the message if it is not
 * @returns its path from the top of the repository
 * @throws UsageError if it is not
 */
export function needAtBase(
  source: Source,
  { base, files, prefix }: BaseProject,
  fix = "name another commit with --base",
): string {
  const path = pathInRepository(source, prefix);
  const found = path === undefined ? outside : irregularity(files, path);
  if (path !== undefined && !found) return path;
  throw notComparable(baseText(base), source, { problem: found?.problem ?? "", fix });
}

/** Writes sources of the base into a folder. @returns their texts */
export async function extract(
  sources: readonly Source[],
  project: BaseProject,
  into: string,
): Promise<string[]> {
  const paths = sources.map((source) => needAtBase(source, project));
  const texts = await committedTexts(paths, project.base, project.folder);
  for (const [index, { file }] of sources.entries()) {
    const target = join(into, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, texts[index] ?? "");
  }
  return texts;
}
