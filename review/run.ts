import { type Environment, type Limits, loadEnvironment } from "../configuration/environment.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { synthesize, type Synthesis } from "../terraform/synthesize.ts";
import { declaredAt } from "./base.ts";
import { review } from "./changes.ts";
import { code } from "./escape.ts";
import { type Base, baseOf, type Head, headOf } from "./git.ts";
import { type Allowed, guard } from "./guard.ts";
import { lossesOfBoth, lossesOfReview } from "./losses.ts";
import { lossesOfPlan } from "./plan-losses.ts";
import { reviewPlan } from "./plan-changes.ts";
import type { Origin, Report } from "./report.ts";
import { inTemporaryFolder } from "./temporary.ts";
import { allowedByBoth, allowedByTrailers } from "./trailers.ts";

/** What a review needs to know. */
export interface ReviewOptions {
  /** The ref that the change starts at. */
  readonly base: string;
  /** What is asked for beside the commits' trailers. */
  readonly allowed: Allowed;
  /** REALM_ENV and those that stand in for parts of its file. */
  readonly variables: NodeJS.ProcessEnv;
  /** Makes terraform's plan of what is declared now, all resources in it; without it nothing is asked of Keycloak. */
  readonly plan?: (head: Synthesis, environment: Environment) => Promise<ResourceChange[]>;
}

/**
 * Reviews what HEAD and the work tree in the current folder change.
 *
 * @throws ExplainedError if something is wrong with base, HEAD or Git
 */
export async function runReview(options: ReviewOptions): Promise<Report> {
  const { variables } = options;
  const environment = loadEnvironment(variables);
  const base = await baseOf(options.base);
  const head = await headOf();
  return inTemporaryFolder(async (outdir) => {
    const after = await synthesize(outdir, variables);
    const same = base.commit === head.commit && !head.workTreeChanged;
    const before = same ? { synthesis: after, environment } : await declaredAt(base, variables);
    const changes = await options.plan?.(after, environment);
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
        changes ? lossesOfBoth(losses, lossesOfPlan(changes, losses.customersBefore)) : losses,
        stricter(environment.limits, limits),
        allowedByBoth(options.allowed, await allowedByTrailers(base.commit)),
      ),
      ...(changes && { plan: reviewPlan(changes, before.synthesis, after) }),
    };
  });
}

/** The stricter of two limits: a change cannot raise its own. */
export function stricter(a: Limits, b: Limits): Limits {
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
