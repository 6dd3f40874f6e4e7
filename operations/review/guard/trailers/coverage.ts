import { countedKey, entityName, isCountedKey, type Losses, namedKey } from "../losses/loss.ts";
import type { CommitWithTrailers } from "./trailers.ts";
import type { OverridingCommit } from "../verdict.ts";

/** The commits of a change, and the losses that each of them makes. */
export interface History {
  /** The commits from the base to HEAD, each before its parents. */
  readonly commits: readonly CommitWithTrailers[];
  /** The losses of the change from one commit to another; undefined if the first one has no valid declaration. */
  lossesBetween(from: string, to: string): Promise<Losses | undefined>;
}

/** Losses that need an override. */
export type Wanted = Pick<Losses, "named" | "counted">;

/**
 * Finds the losses that the trailers of commits cover, by their keys. For each loss it goes back from HEAD to the commit that made it
 * last. Only the trailers of that commit count. If a merge makes a loss and has no trailer for it, the branch that brought it is
 * searched.
 *
 * @see docs/adr/0016-a-trailer-counts-for-the-change-of-its-commit.md
 */
export async function coveredByTrailers(
  wanted: Wanted,
  history: History,
): Promise<ReadonlyMap<string, OverridingCommit>> {
  const covered = new Map<string, OverridingCommit>();
  const indexes = new Map(history.commits.map(({ commit }, index) => [commit, index]));
  const farthest = farthestCandidates(wanted, history.commits);
  const steps: Step[] = [{ commit: history.commits[0]?.commit, keys: [...farthest.keys()] }];
  for (let step = steps.pop(); step; step = steps.pop()) {
    const index = indexes.get(step.commit ?? "");
    const commit = index === undefined ? undefined : history.commits[index];
    if (index === undefined || !commit) continue;
    // before the farthest commit with a trailer for it, nothing can cover a loss
    const keys = step.keys.filter((key) => (farthest.get(key) ?? -1) >= index);
    const [first, ...merged] = commit.parents;
    const change = await changeFrom(first, commit, history, keys);
    if (!change) continue;
    steps.push({ commit: change.parent, keys: keys.filter((key) => !change.made.has(key)) });
    const open: string[] = [];
    for (const key of keys.filter((each) => change.made.has(each)))
      if (isCovered(key, commit, change)) covered.set(key, commit);
      else open.push(key);
    for (const parent of merged) {
      const brought = await changeFrom(parent, commit, history, open);
      if (!brought) continue;
      steps.push({ commit: brought.parent, keys: open.filter((key) => !brought.made.has(key)) });
    }
  }
  return covered;
}

/** Losses to look for in a commit and the commits before it. */
interface Step {
  readonly commit: string | undefined;
  readonly keys: readonly string[];
}

/** The change that a commit makes. */
interface Change {
  /** The commit before it. */
  readonly parent: string;
  /** The keys of its losses. */
  readonly made: ReadonlySet<string>;
  /** The number of customers, roles and groups with losses. */
  readonly holders: number;
}

/** The index of the last commit in a list whose trailers may cover a loss, by the loss's key. */
function farthestCandidates(
  { named, counted }: Wanted,
  commits: readonly CommitWithTrailers[],
): ReadonlyMap<string, number> {
  const farthestMany = commits.findLastIndex(({ allowed }) => allowed.many > 0);
  const found = new Map<string, number>();
  for (const [index, { allowed }] of commits.entries())
    for (const name of allowed.names) found.set(name, index);
  return new Map([
    ...named.map((loss) => [namedKey(loss), found.get(namedKey(loss)) ?? -1] as const),
    ...counted.map((loss) => [countedKey(loss), farthestMany] as const),
  ]);
}

/** The change since a parent, or since the first of its own parents with a valid declaration. */
async function changeFrom(
  parent: string | undefined,
  { commit }: CommitWithTrailers,
  history: History,
  keys: readonly string[],
): Promise<Change | undefined> {
  if (keys.length === 0) return undefined;
  for (let from = parent; from !== undefined;) {
    const losses = await history.lossesBetween(from, commit);
    if (losses) return { parent: from, ...countedIn(losses) };
    from = history.commits.find((each) => each.commit === from)?.parents[0];
  }
  return undefined;
}

function countedIn({ named, counted }: Losses): Omit<Change, "parent"> {
  // a customer's removal counts as such even if it needs no trailer in its own commit
  const removed = counted.filter(({ effect }) => effect === "removed");
  return {
    made: new Set([
      ...named.map(namedKey),
      ...removed.map(({ holder }) => namedKey({ rail: "not-suspended", name: holder.name })),
      ...counted.map(countedKey),
    ]),
    holders: new Set(counted.map(({ holder }) => entityName(holder))).size,
  };
}

/** Whether a commit's trailers name a loss, or allow as many losses as it makes. */
function isCovered(key: string, { allowed }: CommitWithTrailers, { holders }: Change): boolean {
  return allowed.names.has(key) || (isCountedKey(key) && allowed.many >= holders);
}
