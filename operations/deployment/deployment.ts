import { todayFrom } from "../../configuration/customers/today.ts";
import type { Environment } from "../../configuration/environment.ts";
import { refuseUnusedSettings } from "../../configuration/environment/unused-settings.ts";
import { refuseSubjectsOfPipeline } from "../keycloak/deployer/shared-subjects.ts";
import type { Base } from "../review/base/git/git.ts";
import { type Entity, entityKey } from "../review/compare/resources/entity.ts";
import { type Allowed, nameKey } from "../review/guard/allowed.ts";
import { entityName } from "../review/guard/losses/loss.ts";
import type { Report } from "../review/report.ts";
import { reviewPlan, reviewSince } from "../review/review.ts";
import { refuseErroredState } from "../terraform/state/errored-state.ts";
import {
  changesAnything,
  changesInPlan,
  changesWithSecret,
  effective,
  type Planned,
} from "../terraform/plan.ts";
import type { ChosenKeycloak } from "../terraform/target.ts";
import type { Pace, TerraformRuns } from "../terraform/terraform-runs.ts";
import { listed } from "../../text/did-you-mean.ts";
import { RefusedError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { adoptedEntities } from "./plan/adoption.ts";
import type { StackPlan } from "./plan/planning.ts";
import { agreementOf, beyond } from "./saved-plan/agreement.ts";
import type { Progress } from "./apply/apply-plan.ts";
import { hashOfFile } from "./saved-plan/plan-file.ts";
import { areSameStates, originNow, refuseStale, stale } from "./saved-plan/plan-origin.ts";
import type { Scope } from "./stacks/scope.ts";
import { ScopedRuns } from "./stacks/scoped-runs.ts";
import { storeErroredStates } from "./stacks/store-errored-states.ts";
import { applyStacks } from "./stacks/apply-stacks.ts";
import { asOnePlan, planStacks } from "./stacks/stack-plan.ts";
import {
  type PendingRotation,
  pendingRotations,
  refuseEndingSecrets,
  createdBy,
  rotateSecrets,
  type IsAllowed,
  type IsPlanned,
  type Rotated,
} from "./rotations.ts";
import { refuseAdministratorsChanges } from "./refuse-administrators-changes.ts";
import { refuseLongLifespans } from "./refuse-long-lifespans.ts";
import { refuseOtherThanExpired } from "./refuse-other-than-expired.ts";
import type { SavedPlan } from "./saved-plan/note.ts";
import type { Part } from "./saved-plan/part.ts";
import { copySavedPlan, forgetPlan, savePlan } from "./saved-plan/saved-plan.ts";

/** Options of a deployment. */
export interface DeploymentOptions {
  readonly environment: Environment;
  readonly keycloak: ChosenKeycloak;
  /** The commit that the review compares with; undefined if only the plan is reviewed. */
  readonly base: Base | undefined;
  /** Overrides of guard rails by options. */
  readonly allowed: Allowed;
  /** Whether it may only suspend customers whose access has ended. */
  readonly onlyExpired: boolean;
  /** The shards that it works on. */
  readonly scope: Scope;
  /** How several stacks are worked on. */
  readonly pace: Pace;
  /** Ends it before the next step. */
  readonly interrupted: AbortSignal;
}

/** A plan with its review. */
export interface ReviewedPlan {
  /** What all stacks change together. */
  readonly planned: Planned;
  readonly stacks: readonly StackPlan[];
  readonly report: Report;
}

/** Progress reports of a deployment; see {@link Progress}. */
export interface DeploymentProgress extends Pick<Progress, "onDone" | "command"> {
  /** Called for each customer that has a new secret because its entry asks for it. */
  readonly onRotated: (rotated: Rotated) => void;
  /** Asks again, with the review of what is left; see {@link Progress}. */
  readonly agree: (rest: Pick<ReviewedPlan, "planned" | "report">) => Promise<boolean>;
}

/**
 * A deployment of what is declared to the Keycloak of an environment: first a plan and its review, then the apply. When it goes out of
 * scope, it ends terraform's provider and removes its private folder.
 */
export class Deployment implements AsyncDisposable {
  readonly #options: DeploymentOptions;
  readonly #scoped: ScopedRuns;
  readonly #isPlanned: IsPlanned = (id) => this.#options.scope.only?.customers.includes(id) ?? true;

  private constructor(options: DeploymentOptions, scoped: ScopedRuns) {
    this.#options = options;
    this.#scoped = scoped;
  }

  /**
   * Synthesizes the declaration.
   *
   * @throws ExplainedError if the declaration is not valid, or something needed is unavailable
   */
  static async open(options: DeploymentOptions): Promise<Deployment> {
    return new Deployment(options, await ScopedRuns.open(options));
  }

  /**
   * Stores the states that an earlier deploy could not store, if there are any. A plan without them would be wrong.
   *
   * @throws RefusedError if one does not fit the stored state
   */
  async storeErroredState(): Promise<void> {
    if (await storeErroredStates(this.#runs, this.#options.interrupted))
      console.error("stored the state that an earlier deploy could not store");
  }

  /**
   * Plans, and reviews the plan. Nothing is changed.
   *
   * @throws RefusedError if an earlier deploy could not store its state
   * @throws InvalidFileError if main.ts does not pass a setting of the environment on, or a customer's tokens would end earlier than its entry says
   */
  async plan(): Promise<ReviewedPlan> {
    const stacks = await this.#plan();
    return { ...(await this.#reviewed(asOnePlan(stacks))), stacks };
  }

  /** Plans one part of the stacks; see {@link plan}. It is not reviewed, because guard rails are for the whole plan. */
  async planPart(part: Part): Promise<Omit<ReviewedPlan, "report">> {
    const stacks = await this.#plan(part);
    return { planned: asOnePlan(stacks), stacks };
  }

  /**
   * Reads a saved plan, and reviews it again. If the state has been written since, or the saved plan has no file, it plans again.
   *
   * @throws RefusedError if it is stale, or what would be applied now goes beyond it
   * @throws InvalidFileError if main.ts does not pass a setting of the environment on, or a customer's tokens would end earlier than its entry says
   */
  async takeSaved(saved: SavedPlan, commit: string): Promise<ReviewedPlan> {
    const { environment } = this.#options;
    const names = Object.keys(saved.states);
    const now = await originNow(environment.name, commit, this.#runs, names);
    refuseStale(saved, now);
    if (saved.files !== null && areSameStates(saved, now)) {
      await this.#refuseSettings();
      const stacks = await this.#savedStacks(saved);
      const { changes } = asOnePlan(stacks);
      return { ...(await this.#reviewed({ changes, adopted: saved.adopted })), stacks };
    }
    const reviewed = await this.plan();
    const more = beyond(reviewed.planned, saved);
    if (more.length === 0) return reviewed;
    throw stale(more.map((each) => `what would be applied now is more than was planned: ${each}`));
  }

  /**
   * Refuses what this deployment, or the identity that deploys, may not do, before anything is applied.
   *
   * @throws RefusedError if only an administrator, or only a deployment without `onlyExpired`, may do it, or if it would lock the pipeline out
   */
  async refuseForbidden({ changes }: Planned): Promise<void> {
    if (this.#options.onlyExpired)
      refuseOtherThanExpired(effective(changes), todayFrom(process.env));
    const advice = "deploy it as an administrator";
    const { head, target } = this.#runs;
    refuseAdministratorsChanges(target.login, effective(changes), advice);
    await refuseSubjectsOfPipeline(head.declaration, target.login);
  }

  /**
   * The rotations that the entries of customers ask for, which follow the apply.
   *
   * @throws RefusedError if there are any, and this deployment may only suspend
   * @throws EndingSecretError if one would end a secret that works now, and neither an option nor a trailer allows it
   */
  async rotations(report: Report): Promise<readonly PendingRotation[]> {
    const { head, target } = this.#runs;
    const pending = await pendingRotations(head.declaration, target.login, this.#isPlanned);
    if (this.#options.onlyExpired && pending.length > 0)
      throw new RefusedError(
        `--only-expired makes no new secret, and the declaration asks for one of ${listed(pending.map(({ id }) => id))}; nothing is applied; deploy it first, without --only-expired`,
      );
    refuseEndingSecrets(pending, this.#mayEndSecret(report));
    return pending;
  }

  /**
   * Saves a plan, or a part of it, so that it can be applied later. A plan whose files would contain a secret is saved without them.
   */
  async save(
    { planned, stacks }: Omit<ReviewedPlan, "report">,
    commit: string,
    part?: Part,
  ): Promise<void> {
    const changing = stacks.filter(
      (each) => each.run === this.#runs.realm || changesAnything(each.planned.changes),
    );
    const names = changing.map(({ run }) => run.name);
    const origin = await originNow(this.#options.environment.name, commit, this.#runs, names);
    const hasSecrets = changesWithSecret(planned.changes).length > 0;
    const files = new Map(changing.map(({ run }) => [run.name, run.planFile]));
    const { only } = this.#options.scope;
    const saved = only ? { shards: [...only.shards], customers: [...only.customers] } : null;
    await savePlan(
      { ...origin, only: saved, ...agreementOf(planned) },
      hasSecrets ? undefined : files,
      part,
    );
  }

  /**
   * Applies a plan if it changes something; see {@link applyStacks}. Then it makes the new secrets that entries ask for. The saved plan, if
   * there is one, is removed afterwards.
   */
  async apply(
    { planned, stacks, report }: ReviewedPlan,
    { agree, onRotated, ...progress }: DeploymentProgress,
  ): Promise<void> {
    const { interrupted } = this.#options;
    if (changesAnything(planned.changes)) {
      const now = await this.#runs.each(stacks, ({ run, planned }) =>
        adoptedEntities(run, planned.changes),
      );
      refuseNewAdoptions(planned, now.flat());
      await applyStacks(this.#runs, stacks, {
        ...progress,
        interrupted,
        agree: async (rest) => agree(await this.#reviewed(rest)),
      });
    }
    const [mayEnd, isCreated] = [this.#mayEndSecret(report), createdBy(planned.changes)];
    const isAllowed: IsAllowed = (id) => mayEnd(id) || isCreated(id);
    const { head, target } = this.#runs;
    const isPlanned = this.#isPlanned;
    await rotateSecrets(head.declaration, target.login, { isPlanned, isAllowed, onRotated });
    await forgetPlan();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scoped[Symbol.asyncDispose]();
  }

  get #runs(): TerraformRuns {
    return this.#scoped.runs;
  }

  async #plan(part?: Part): Promise<readonly StackPlan[]> {
    for (const { run } of this.#runs.all) refuseErroredState(run.target);
    await this.#refuseSettings();
    const chosen = await this.#scoped.stacks(part);
    return planStacks(this.#runs, chosen, this.#options.interrupted);
  }

  /** Checks nothing if the deployment may only suspend: access that has ended must not go on because of a setting of the realm. */
  async #refuseSettings(): Promise<void> {
    const { onlyExpired, environment } = this.#options;
    if (onlyExpired) return;
    const { head, target } = this.#runs;
    refuseUnusedSettings(environment, head.declaration);
    await refuseLongLifespans(head.declaration, target.login, environment.customers);
  }

  #mayEndSecret({ verdict }: Report): IsAllowed {
    const { names } = this.#options.allowed;
    return (id) =>
      names.has(nameKey("Allow-new-secret", id)) ||
      verdict.overridden.some((each) => each.code === "new-secret" && each.names.includes(id));
  }

  async #savedStacks(saved: SavedPlan): Promise<readonly StackPlan[]> {
    const names = Object.keys(saved.files ?? {});
    const some = this.#runs.all.filter(({ run }) => names.includes(run.name));
    return this.#runs.each(some, async ({ run }) => {
      await copySavedPlan(saved, run.name, run.planFile);
      const changes = await changesInPlan(run.workspace, run.planFile);
      // a plan of some resources has no others, and a retry must not plan more
      const isPart = this.#options.scope.only !== undefined && run !== this.#runs.realm;
      const targets = isPart ? changes.map(({ address }) => address) : undefined;
      const planned = { changes, adopted: [] };
      return { run, targets, planned, hash: await hashOfFile(run.planFile) };
    });
  }

  async #reviewed(planned: Planned): Promise<Pick<ReviewedPlan, "planned" | "report">> {
    const { environment, base, allowed } = this.#options;
    const { before, variables } = this.#scoped;
    const options = { head: this.#runs.head, environment, allowed };
    const report = base
      ? await reviewSince(base, { ...options, planned, ...(before && { before }) }, variables)
      : reviewPlan(planned, options);
    return { planned, report };
  }
}

/**
 * Refuses an import that was harmless when it was planned.
 *
 * @throws RefusedError if somebody has used or changed an entity since
 */
function refuseNewAdoptions(planned: Planned, now: readonly Entity[]): void {
  const known = new Set(planned.adopted.map(entityKey));
  const more = now.filter((entity) => !known.has(entityKey(entity)));
  if (more.length === 0) return;
  const names = more.map((entity) => quoted(entityName(entity))).join(", ");
  throw new RefusedError(
    `somebody has used or changed what the plan imports: ${names}; nothing is applied; npm run plan makes a new plan`,
  );
}
