import { git } from "../base/git.ts";
import type { Allowed } from "./allowed.ts";

/**
 * Overrides of guard rails by trailers of the commits from a base to HEAD, by Git's own definition of a trailer.
 *
 * @param base a commit
 * @see https://git-scm.com/docs/git-interpret-trailers
 */
export async function allowedByTrailers(base: string, folder?: string): Promise<Allowed> {
  const values = async (key: string) => {
    const format = `--format=%(trailers:key=${key},valueonly,unfold)`;
    const log = ["-c", "log.showSignature=false", "log", "--no-color", format, `${base}..HEAD`];
    const lines = (await git([...log, "--"], folder)).split("\n");
    return lines.map((line) => line.trim()).filter((line) => line !== "");
  };
  return {
    removals: await values("Allow-removal"),
    replacements: await values("Allow-replacement"),
    many: largest(await values("Allow-many")),
  };
}

/** The largest whole number in a list of texts, 0 if there is none. */
function largest(texts: readonly string[]): number {
  return Math.max(0, ...texts.filter((text) => /^\d{1,9}$/.test(text)).map(Number));
}
