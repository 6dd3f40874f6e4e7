import { todayFrom } from "../../configuration/customers/today.ts";
import { defaultLimits, type Environment, type Limits } from "../../configuration/environment.ts";
import type { Planned } from "../terraform/plan.ts";
import type { Synthesis } from "../terraform/synthesis/synthesize.ts";
import { type BaseDeclaration, declaredAt } from "./base/base.ts";
import { type Base, type Head, headOf } from "./base/git/git.ts";
import { readWorkTree, type WorkTree } from "./base/git/work-tree.ts";
import { compareDeclarations } from "./compare/compare.ts";
import { type PairedSides, pairSides, type Side } from "./compare/resources/pairs.ts";
import { comparePlan } from "./compare/plan-comparison.ts";
import type { Allowed } from "./guard/allowed.ts";
import { coveredByTrailers } from "./guard/trailers/coverage.ts";
import { guard, refusedLosses } from "./guard/guard.ts";
import { CommitHistory } from "./guard/trailers/history.ts";
import type { Losses } from "./guard/losses/loss.ts";
import { combineLosses, lossesOfChange, lossesOfPlan } from "./guard/losses/losses.ts";
import { nothingRefused, type Rails } from "./guard/verdict.ts";
import type { DefaultLimits, Limitation, Report } from "./report.ts";

/** Options of a review. */
export interface ReviewOptions {
  /** The declaration that is reviewed. */
  readonly head: Synthesis;
  readonly environment: Environment;
  /** Overrides of guard rails by options, in addition to the commits' trailers. */
  readonly allowed: Allowed;
  /** Terraform's plan, if there is one. */
  readonly planned?: Planned;
}

/** Options of a review since a base, which is synthesized at the same time if the head is not there yet. */
export interface ReviewOptionsSince extends Omit<ReviewOptions, "head"> {
  readonly head: Synthesis | Promise<Synthesis>;
  /**
   * The base, if it is being read already.
   * @default it is read now
   */
  readonly before?: Promise<ReadBase>;
  /**
   * The work tree, if it was read already.
   * @default it is read now
   */
  readonly tree?: WorkTree | undefined;
}

/** A base that a work tree can be compared with. */
export interface ReadBase {
  readonly commit: Head;
  readonly tree: WorkTree;
  /** Whether nothing differs from the base. */
  readonly isSame: boolean;
  readonly declared: BaseDeclaration;
}

/**
 * Reads a base, and synthesizes its declaration.
 *
 * @param variables see {@link reviewSince}
 * @throws ExplainedError see {@link reviewSince}
 */
export async function readBase(
  base: Base,
  { head, environment, ...given }: Pick<ReviewOptionsSince, "head" | "environment" | "tree">,
  variables: NodeJS.ProcessEnv,
): Promise<ReadBase> {
  const [commit, tree] = await Promise.all([headOf(), given.tree ?? readWorkTree(environment)]);
  const isSame = base.commit === commit.commit && !commit.workTreeChanged;
  const declared: BaseDeclaration = isSame
    ? { synthesis: await head, environment, comparedWith: {}, editsReview: [] }
    : await declaredAt(base, { environment, tree, head }, variables);
  return { commit, tree, isSame, declared };
}

/**
 * Reviews what HEAD and the work tree in the current folder change since a base, and what terraform would do in addition.
 *
 * @param variables environment variables for `main.ts`: REALM_ENV and those that override values of its file
 * @throws UsageError if Git does not have the files of either side
 * @throws ExplainedError if the base's declaration is not valid
 */
export async function reviewSince(
  base: Base,
  options: ReviewOptionsSince,
  variables: NodeJS.ProcessEnv,
): Promise<Report> {
  const { environment, allowed, planned } = options;
  const read = await (options.before ?? readBase(base, options, variables));
  const { commit, tree, isSame, declared: before } = read;
  const head = await options.head;
  const reviewed = { environment, tree, head };
  const limits = before.environment?.limits ?? defaultLimits;
  const sides = pairSides(
    before.synthesis && withLimits(before.synthesis, limits),
    withLimits(head, environment.limits),
  );
  const rails = { limits: stricter(environment.limits, limits), allowed };
  const refused = refusedLosses(lossesOf(sides, planned), rails);
  const ends = {
    base: { commit: base.commit, side: before.synthesis },
    head: { ...commit, side: head },
    declarationOf: async (at: Base) => (await declaredAt(at, reviewed, variables)).synthesis,
  };
  const trailers = refused && (await coveredByTrailers(refused, await CommitHistory.open(ends)));
  const limitation = limitationOf(isSame, before.synthesis);
  return {
    ...declared(environment, head),
    ...withDefaultLimits(environment, before),
    base,
    head: commit,
    ...(limitation && { limitation }),
    comparedWith: before.comparedWith,
    editsReview: before.editsReview,
    ...reviewChange(sides, { ...rails, ...(trailers && { trailers }) }, planned),
  };
}

/**
 * Reviews the change from one declaration to another, and a plan of it if there is one.
 *
 * @param today the day of the change
 */
export function reviewChange(
  sides: PairedSides,
  rails: Rails,
  planned?: Planned,
  today = todayFrom(process.env),
): Pick<Report, "change" | "verdict" | "plan"> {
  return {
    change: compareDeclarations(sides, today),
    verdict: guard(lossesOf(sides, planned, today), rails),
    ...(planned && { plan: comparePlan(planned.changes, sides) }),
  };
}

function lossesOf(sides: PairedSides, planned: Planned | undefined, today?: string): Losses {
  const losses = lossesOfChange(sides, today);
  return planned ? combineLosses(losses, lossesOfPlan(planned, sides, today)) : losses;
}

/**
 * Reviews a plan without a base: everything that it changes is a difference between Keycloak and the declaration. It cannot raise the
 * default limits.
 */
export function reviewPlan(
  planned: Planned,
  { head, environment, allowed }: Omit<ReviewOptions, "planned">,
): Report {
  const limits = stricter(environment.limits, defaultLimits);
  const sides = pairSides(undefined, head);
  return {
    ...declared(environment, head),
    ...withDefaultLimits(environment),
    verdict: guard(lossesOfPlan(planned, sides), { limits, allowed }),
    plan: comparePlan(planned.changes, sides),
  };
}

/** Reports what differs between Keycloak and the declaration. Nothing would be applied, so nothing is refused. */
export function reviewDrift(
  changes: Planned["changes"],
  { head, environment }: Pick<ReviewOptions, "head" | "environment">,
): Report {
  return {
    ...declared(environment, head),
    verdict: nothingRefused,
    plan: comparePlan(changes, pairSides(undefined, head)),
  };
}

function declared(
  { name }: Environment,
  { declaration: { realm, customers } }: Side,
): Pick<Report, "environment" | "realm" | "customers" | "editsReview"> {
  return { environment: name, realm, customers: Object.keys(customers).length, editsReview: [] };
}

/** Reports default limits, unless they make no difference. */
function withDefaultLimits(
  { limits }: Environment,
  before?: BaseDeclaration,
): { readonly defaultLimits?: DefaultLimits } {
  if (before?.environment) return {};
  if (before?.synthesis) return { defaultLimits: "unreadable" };
  const { customers, percent } = defaultLimits;
  const areStricter = customers < limits.customers || percent < limits.percent;
  return areStricter ? { defaultLimits: "none-before" } : {};
}

function limitationOf(isSame: boolean, base: Side | undefined): Limitation | undefined {
  if (isSame) return "same-commit";
  return base ? undefined : "new-environment";
}

/** The stricter of two limits: a change cannot raise its own limits. */
function stricter(a: Limits, b: Limits): Limits {
  return {
    customers: Math.min(a.customers, b.customers),
    percent: Math.min(a.percent, b.percent),
  };
}

/** Adds the limits to what is compared, so that a reviewer sees a change of them. */
function withLimits(side: Side, limits: Limits): Side {
  return { ...side, surroundings: { ...side.surroundings, limits } };
}
