import { type Base, git, type Head } from "../../base/git/git.ts";
import { pairSides, type Side } from "../../compare/resources/pairs.ts";
import { ExplainedError } from "../../../../text/errors.ts";
import { nothingAllowed } from "../allowed.ts";
import type { History } from "./coverage.ts";
import type { Losses } from "../losses/loss.ts";
import { lossesOfChange } from "../losses/losses.ts";
import { type CommitWithTrailers, commitsSince } from "./trailers.ts";

/** The two ends of a change, and the declarations between them. */
export interface Ends {
  readonly base: { readonly commit: string; readonly side: Side | undefined };
  readonly head: Head & { readonly side: Side };
  /** Synthesizes a commit. Undefined if it does not have the environment. */
  readonly declarationOf: (commit: Base) => Promise<Side | undefined>;
}

/** Name of the work tree among commits. */
const workTree = "";

/** Declarations that are kept in memory besides those of base and head. */
const mostSides = 4;

/** The commits of a Git repository, with the declaration of each that is needed. */
export class CommitHistory implements History {
  readonly commits: readonly CommitWithTrailers[];
  readonly #ends: ReadonlyMap<string, Side | undefined>;
  readonly #sides = new Map<string, Side | undefined>();
  readonly #declarationOf: Ends["declarationOf"];
  readonly #folder: string | undefined;

  private constructor(
    commits: readonly CommitWithTrailers[],
    { base, head, declarationOf }: Ends,
    folder: string | undefined,
  ) {
    const uncommitted = {
      commit: workTree,
      author: "",
      parents: [head.commit],
      allowed: nothingAllowed,
    };
    this.commits = head.workTreeChanged ? [uncommitted, ...commits] : commits;
    this.#ends = new Map([
      [base.commit, base.side],
      [head.workTreeChanged ? workTree : head.commit, head.side],
    ]);
    this.#declarationOf = declarationOf;
    this.#folder = folder;
  }

  /** The history of the repository of a folder, by default the current one. */
  static async open(ends: Ends, folder?: string): Promise<CommitHistory> {
    return new CommitHistory(await commitsSince(ends.base.commit, folder), ends, folder);
  }

  async lossesBetween(from: string, to: string): Promise<Losses | undefined> {
    const after = await this.#side(to);
    if (!(await declarationDiffers(from, to, this.#folder))) this.#keep(from, after);
    const before = await this.#side(from);
    return before && after && lossesOfChange(pairSides(before, after));
  }

  async #side(commit: string): Promise<Side | undefined> {
    for (const known of [this.#ends, this.#sides]) if (known.has(commit)) return known.get(commit);
    return this.#keep(commit, await this.#synthesize(commit));
  }

  /** The declaration of a commit; undefined if it is not valid. */
  async #synthesize(commit: string): Promise<Side | undefined> {
    try {
      return await this.#declarationOf({ ref: commit, commit });
    } catch (error) {
      if (error instanceof ExplainedError && error.code !== "unavailable") return undefined;
      throw error;
    }
  }

  #keep(commit: string, side: Side | undefined): Side | undefined {
    this.#sides.set(commit, side);
    const [oldest] = this.#sides.keys();
    if (this.#sides.size > mostSides && oldest !== undefined) this.#sides.delete(oldest);
    return side;
  }
}

/** Whether any file differs. Each may be part of a declaration. */
async function declarationDiffers(from: string, to: string, folder?: string): Promise<boolean> {
  if (to === workTree) return true;
  const diff = ["diff", "--name-only", "--no-renames", "--ignore-submodules=none", "-z", from, to];
  return (await git([...diff, "--", ":/"], folder)) !== "";
}
