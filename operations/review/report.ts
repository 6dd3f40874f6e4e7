import type { PlanComparison } from "./compare/plan-comparison.ts";
import type { DeclarationChange } from "./compare/declaration-change.ts";
import type { ComparedWith } from "./base/base.ts";
import type { Verdict } from "./guard/verdict.ts";

/** Reason why a comparison with the base shows less than usual. */
export type Limitation =
  /** HEAD is the base commit and the work tree is clean. */
  | "same-commit"
  /** The base has no such environment, so everything is new. */
  | "new-environment";

/** Reason why the default limits apply before the change. */
export type DefaultLimits =
  /** The current code cannot read the base's environment. */
  | "unreadable"
  /** There is no base, or it has no such environment. */
  | "none-before";

/** Everything that a review found, as data; `render/` makes texts of it. */
export interface Report {
  /** The environment's name. */
  readonly environment: string;
  /** The realm's name. */
  readonly realm: string;
  /** The number of customers that are declared. */
  readonly customers: number;
  /** The base as the user named it, and the commit at which HEAD diverged from it. Missing if only a plan is reviewed. */
  readonly base?: { readonly ref: string; readonly commit: string };
  /** The commit that is reviewed, and whether the work tree differs from it. Missing if only a plan is reviewed. */
  readonly head?: { readonly commit: string; readonly workTreeChanged: boolean };
  readonly limitation?: Limitation;
  /** Set if environment or project have another name at the base. */
  readonly comparedWith?: ComparedWith;
  /**
   * The changed files that decide how the change is reviewed, such as commands, workflows and dependencies. They are outside of the
   * team's own files, documents and examples.
   */
  readonly editsReview: readonly string[];
  /** Present if the guard rails use default limits: always if the base's cannot be read, and otherwise if they are stricter. */
  readonly defaultLimits?: DefaultLimits;
  /** Changes since the base. Missing if only a plan is reviewed. */
  readonly change?: DeclarationChange;
  readonly verdict: Verdict;
  /** Terraform's plan. Missing if nothing was planned. */
  readonly plan?: PlanComparison;
}
