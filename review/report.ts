import type { Verdict } from "./guard.ts";
import type { PlanReview } from "./plan-changes.ts";
import type { Review } from "./review.ts";

/** What a review was made of. */
export interface Origin {
  /** The environment's name. */
  readonly environment: string;
  /** What the change starts at, and the commit that HEAD parted from it at; absent for a plan alone. */
  readonly base?: { readonly ref: string; readonly commit: string };
  /** Where the change is, and whether the work tree holds more than its commit. */
  readonly head?: { readonly commit: string; readonly workTreeChanged: boolean };
  /** Why there is nothing to compare, or nothing to compare with, as a sentence in Markdown. */
  readonly note?: string;
}

/** Everything that a review says: what {@link markdown} and {@link toJson} show. */
export interface Report {
  readonly origin: Origin;
  readonly review: Review;
  readonly verdict: Verdict;
  /** What terraform would do, where a plan was made. */
  readonly plan?: PlanReview;
}
