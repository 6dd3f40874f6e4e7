import { isAbsolute, posix } from "node:path";
import { holdsCustomers } from "../../../configuration/customers/customers-folder.ts";
import { environmentFile } from "../../../configuration/environment.ts";
import { UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import type { Irregularity } from "./git/git-files.ts";

/** A file that a declaration is made from. */
export interface Source {
  /** The file, as a message names it. */
  readonly description: string;
  /** The path in the project's folder. */
  readonly file: string;
}

/** The program that declares. */
export const mainSource: Source = { description: "the declaration", file: "main.ts" };

/** The file of an environment. */
export function environmentSource(name: string): Source {
  return { description: "the environment", file: environmentFile(name) };
}

/**
 * The files with the customers.
 *
 * @param path the path of the file, or of a folder with such files
 * @param namesIn the names of the files in a folder; none if it is no folder
 */
export function customersSources(
  path: string,
  namesIn: (folder: string) => readonly string[],
): Source[] {
  const named = posix.normalize(path).replace(/(?<=.)\/$/, "");
  const files = namesIn(named).filter(holdsCustomers);
  return (files.length === 0 ? [named] : files.map((name) => posix.join(named, name))).map(
    (file) => ({ description: "the customers' file", file }),
  );
}

/**
 * The path of a source from the top of the repository.
 *
 * @param prefix the project's folder, "" or with a slash at its end
 * @returns undefined if it is not a relative path in the project's folder
 */
export function pathInRepository({ file }: Source, prefix: string): string | undefined {
  return isAbsolute(file) || file.split("/")[0] === ".." ? undefined : prefix + file;
}

/** The irregularity of a path that leads out of the project. */
export const outside: Irregularity = {
  problem: "is not a relative path in the project's folder",
  fix: "move the file there",
};

/** The error for a source that the review cannot compare. */
export function notComparable(
  side: string,
  { description, file }: Source,
  { problem, fix }: Irregularity,
): UsageError {
  return new UsageError(
    `${side}: ${description} ${quoted(file)} ${problem}, so it cannot be compared; ${fix}`,
  );
}
