import type { Allowed } from "./guard.ts";
import { git } from "./git.ts";

/**
 * What the commits from a base to HEAD ask for, in trailers, by Git's own rules of what a trailer is.
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

/** What either of two asks for. */
export function allowedByBoth(a: Allowed, b: Allowed): Allowed {
  return {
    removals: [...a.removals, ...b.removals],
    replacements: [...a.replacements, ...b.replacements],
    many: Math.max(a.many, b.many),
  };
}

/** The largest whole number among texts, 0 if there is none. */
export function largest(texts: readonly string[]): number {
  return Math.max(0, ...texts.filter((text) => /^\d{1,9}$/.test(text)).map(Number));
}
