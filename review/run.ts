import type { Environment, Limits } from "../configuration/environment.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import type { Synthesis } from "../terraform/synthesize.ts";
import { declaredAt } from "./base.ts";
import { review } from "./changes.ts";
import { code } from "./escape.ts";
import { type Base, type Head, headOf } from "./git.ts";
import { type Allowed, guard } from "./guard.ts";
import { lossesOfBoth, lossesOfReview } from "./losses.ts";
import { lossesOfPlan } from "./plan-losses.ts";
import { reviewPlan } from "./plan-changes.ts";
import type { Origin, Report } from "./report.ts";
import { number } from "./sentence.ts";
import { allowedByBoth, allowedByTrailers } from "./trailers.ts";

/** What terraform would do. */
export interface Planned {
  /** Every resource, and what an apply would do to it. */
  readonly changes: readonly ResourceChange[];
  /** The customers whose client is taken over though it may be in use: each gets a secret that nobody has. */
  readonly adopted: readonly string[];
}

/** What a review needs to know. */
export interface ReviewOptions {
  /** What is declared now. */
  readonly head: Synthesis;
  readonly environment: Environment;
  /** What is asked for beside the commits' trailers. */
  readonly allowed: Allowed;
  /** What terraform would do, where Keycloak has been asked. */
  readonly planned?: Planned;
}

/**
 * Reviews what HEAD and the work tree in the current folder change since a base, and what terraform would do beside.
 *
 * @param variables REALM_ENV and those that stand in for parts of its file
 * @throws ExplainedError if something is wrong with what the base declares
 */
export async function reviewSince(
  base: Base,
  { head: after, environment, allowed, planned }: ReviewOptions,
  variables: NodeJS.ProcessEnv,
): Promise<Report> {
  const head = await headOf();
  const same = base.commit === head.commit && !head.workTreeChanged;
  const before = same ? { synthesis: after, environment } : await declaredAt(base, variables);
  const limits = before.environment?.limits ?? environment.limits;
  const found = review(
    before.synthesis && withLimits(before.synthesis, limits),
    withLimits(after, environment.limits),
  );
  const losses = lossesOfReview(found);
  return {
    origin: origin(base, head, environment.name, { same, isNew: !before.synthesis }),
    review: found,
    verdict: guard(
      planned ? lossesOfBoth(losses, lossesOfPlan(planned)) : losses,
      stricter(environment.limits, limits),
      allowedByBoth(allowed, await allowedByTrailers(base.commit)),
    ),
    ...(planned && { plan: reviewPlan(planned.changes, before.synthesis, after) }),
  };
}

/** Reviews what terraform would do, set against Keycloak alone: nobody says what the declaration was before. */
export function reviewPlanned(
  { changes, adopted }: Planned,
  { head, environment, allowed }: Omit<ReviewOptions, "planned">,
): Report {
  const plan = reviewPlan(changes, head, head);
  const differing = new Set(plan.drift.map(({ address }) => address)).size;
  const note =
    differing === 0
      ? "Keycloak is as declared."
      : `Keycloak differs from what is declared in ${number(differing, "resource")}.`;
  return {
    origin: { environment: environment.name, note },
    review: review(head, head),
    verdict: guard(lossesOfPlan({ changes, adopted }), environment.limits, allowed),
    plan,
  };
}

/** The stricter of two limits: a change cannot raise its own. */
function stricter(a: Limits, b: Limits): Limits {
  return {
    customers: Math.min(a.customers, b.customers),
    percent: Math.min(a.percent, b.percent),
  };
}

/** A reviewer sees, too, who loosens the guard rails. */
function withLimits(synthesis: Synthesis, limits: Limits): Synthesis {
  return { ...synthesis, surroundings: { ...synthesis.surroundings, limits } };
}

function origin(
  base: Base,
  head: Head,
  environment: string,
  { same, isNew }: { readonly same: boolean; readonly isNew: boolean },
): Origin {
  const at = `${code(base.ref)} (${base.commit.slice(0, 7)})`;
  const sameNote = `Nothing to review: HEAD has nothing that ${at} has not, and the work tree is clean.`;
  const newNote = `At ${at} there is no environment ${code(environment)} yet: everything is new.`;
  const found = { environment, base, head };
  if (same) return { ...found, note: sameNote };
  return isNew ? { ...found, note: newNote } : found;
}
