import { git } from "../../base/git/git.ts";
import { type Allowed, allowedBy, type Trailer, trailerKeys } from "../allowed.ts";
import type { OverridingCommit } from "../verdict.ts";

/** A commit with the overrides in its message. */
export interface CommitWithTrailers extends OverridingCommit {
  /** The hashes of its parents. The first one is the branch that a merge was made on. */
  readonly parents: readonly string[];
  readonly allowed: Allowed;
}

/** The commits from a base to HEAD, each before its parents. */
export async function commitsSince(base: string, folder?: string): Promise<CommitWithTrailers[]> {
  const format = "--format=%H%n%P%n%an%n%B";
  const log = ["log", "-z", "--topo-order", "--no-color"];
  const range = ["--encoding=UTF-8", format, `${base}..HEAD`, "--"];
  const records = (await git([...log, ...range], folder)).split("\0");
  return records.flatMap((record) => {
    const [commit = "", parentList = "", author = "", ...lines] = record.split("\n");
    if (commit === "") return [];
    const parents = parentList.split(" ").filter((parent) => parent !== "");
    const trailers = trailersIn(lines.join("\n"), { isMerge: parents.length > 1 });
    return [{ commit, parents, author, allowed: allowedBy(trailers) }];
  });
}

/**
 * The overrides in a commit's message. Trailers are the last paragraph, if each of its lines is one, and never the subject. A
 * merge without any other text has none: GitHub writes the title of the pull request there.
 *
 * Git's own reader is not used: its configuration gives other keys and separators the same meaning, and it finds trailers in prose.
 */
export function trailersIn(message: string, { isMerge }: { readonly isMerge: boolean }): Trailer[] {
  const paragraphs = message
    .replaceAll("\r\n", "\n")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trimEnd())
    .filter((paragraph) => paragraph !== "");
  const last = paragraphs.at(-1);
  if (last === undefined || paragraphs.length < (isMerge ? 3 : 2)) return [];
  const lines = last.replaceAll(/\n[^\S\n]+/g, " ").split("\n");
  const found = lines.map((line) => /^([A-Za-z0-9-]+):(?:\s+(.*))?$/.exec(line));
  if (found.some((match) => match === null)) return [];
  return found.flatMap((match) => {
    const name = match?.[1]?.toLowerCase();
    const key = trailerKeys.find((each) => each.toLowerCase() === name);
    return key ? [{ key, value: (match?.[2] ?? "").trim() }] : [];
  });
}
