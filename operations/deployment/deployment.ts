import { todayFrom } from "../../configuration/customers/today.ts";
import type { Environment } from "../../configuration/environment.ts";
import { refuseSubjectsOfPipeline } from "../keycloak/deployer/shared-subjects.ts";
import type { Base } from "../review/base/git.ts";
import { type Entity, entityKey } from "../review/compare/entity.ts";
import { type Allowed, nameKey } from "../review/guard/allowed.ts";
import { entityName } from "../review/guard/losses/loss.ts";
import type { Report } from "../review/report.ts";
import { reviewPlan, reviewSince } from "../review/review.ts";
import { refuseErroredState, storeErroredState } from "../terraform/state/errored-state.ts";
import {
  changesInPlan,
  changesWithSecret,
  changesAnything,
  effective,
  type Planned,
} from "../terraform/plan.ts";
import type { ChosenKeycloak } from "../terraform/target.ts";
import { TerraformRun } from "../terraform/terraform-run.ts";
import { listed } from "../../text/did-you-mean.ts";
import { RefusedError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { adoptedEntities } from "./plan/adoption.ts";
import { agreementOf, beyond } from "./saved-plan/agreement.ts";
import { applyPlan, type Progress } from "./apply/apply-plan.ts";
import { hashOfFile } from "./saved-plan/plan-file.ts";
import { isSameState, originNow, refuseStale, stale } from "./saved-plan/plan-origin.ts";
import { planDeployment } from "./plan/planning.ts";
import {
  type PendingRotation,
  pendingRotations,
  refuseEndingSecrets,
  createdBy,
  rotateSecrets,
  type IsAllowed,
  type Rotated,
} from "./rotations.ts";
import { refuseAdministratorsChanges } from "./refuse-administrators-changes.ts";
import { refuseLongLifespans } from "./refuse-long-lifespans.ts";
import { refuseOtherThanExpired } from "./refuse-other-than-expired.ts";
import { copySavedPlan, forgetPlan, savePlan, type SavedPlan } from "./saved-plan/saved-plan.ts";

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
  /** Ends it before the next step. */
  readonly interrupted: AbortSignal;
}

/** A plan with its review. */
export interface ReviewedPlan {
  readonly planned: Planned;
  readonly report: Report;
  /** Hash of terraform's file. */
  readonly hash: string;
}

/** Progress reports of a deployment; see {@link Progress}. */
export interface DeploymentProgress extends Pick<Progress, "onDone" | "command"> {
  /** Called for each customer that has a new secret because its entry asks for it. */
  readonly onRotated: (rotated: Rotated) => void;
  /** Asks again, with the review of what is left; see {@link Progress}. */
  readonly agree: (rest: ReviewedPlan) => Promise<boolean>;
}

/**
 * A deployment of what is declared to the Keycloak of an environment: first a plan and its review, then the apply. When it goes out of
 * scope, it ends terraform's provider and removes its private folder.
 */
export class Deployment implements AsyncDisposable {
  readonly #options: DeploymentOptions;
  readonly #run: TerraformRun;

  private constructor(options: DeploymentOptions, run: TerraformRun) {
    this.#options = options;
    this.#run = run;
  }

  /**
   * Synthesizes the declaration and initializes terraform.
   *
   * @throws ExplainedError if the declaration is not valid, or something needed is unavailable
   */
  static async open(options: DeploymentOptions): Promise<Deployment> {
    return new Deployment(options, await TerraformRun.onKeycloak(options.keycloak));
  }

  /**
   * Stores the state that an earlier deploy could not store, if there is one. A plan without it would be wrong.
   *
   * @throws RefusedError if it does not fit the stored state
   */
  async storeErroredState(): Promise<void> {
    if (await storeErroredState(this.#run, this.#options.interrupted))
      console.error("stored the state that an earlier deploy could not store");
  }

  /**
   * Plans, and reviews the plan. Nothing is changed.
   *
   * @throws RefusedError if an earlier deploy could not store its state
   * @throws InvalidFileError if a customer's tokens would end earlier than its entry says
   */
  async plan(): Promise<ReviewedPlan> {
    refuseErroredState(this.#run.target);
    await this.#refuseLongLifespans();
    return this.#reviewed(await planDeployment(this.#run, this.#options.interrupted));
  }

  /**
   * Reads a saved plan, and reviews it again. If the state has been written since, or the saved plan has no file, it plans again.
   *
   * @throws RefusedError if it is stale, or what would be applied now goes beyond it
   * @throws InvalidFileError if a customer's tokens would end earlier than its entry says
   */
  async takeSaved(saved: SavedPlan, commit: string): Promise<ReviewedPlan> {
    const now = await originNow(this.#options.environment.name, commit, this.#run);
    refuseStale(saved, now);
    if (saved.file !== null && isSameState(saved, now)) {
      await this.#refuseLongLifespans();
      await copySavedPlan(saved, this.#run.planFile);
      const changes = await changesInPlan(this.#run.workspace, this.#run.planFile);
      return this.#reviewed({ changes, adopted: saved.adopted });
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
    const { head, target } = this.#run;
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
    const pending = await pendingRotations(this.#run.head.declaration, this.#run.target.login);
    if (this.#options.onlyExpired && pending.length > 0)
      throw new RefusedError(
        `--only-expired makes no new secret, and the declaration asks for one of ${listed(pending.map(({ id }) => id))}; nothing is applied; deploy it first, without --only-expired`,
      );
    refuseEndingSecrets(pending, this.#mayEndSecret(report));
    return pending;
  }

  /** Saves a plan, so that it can be applied later. A plan whose file would contain a secret is saved without the file. */
  async save({ planned }: ReviewedPlan, commit: string): Promise<void> {
    const origin = await originNow(this.#options.environment.name, commit, this.#run);
    const hasSecrets = changesWithSecret(planned.changes).length > 0;
    const plan = { ...origin, ...agreementOf(planned) };
    await savePlan(plan, hasSecrets ? undefined : this.#run.planFile);
  }

  /**
   * Applies a plan if it changes something; see {@link applyPlan}. Then it makes the new secrets that entries ask for. The saved plan, if there
   * is one, is removed afterwards.
   */
  async apply(
    { planned, report, hash }: ReviewedPlan,
    { agree, onRotated, ...progress }: DeploymentProgress,
  ): Promise<void> {
    const { interrupted } = this.#options;
    if (changesAnything(planned.changes)) {
      refuseNewAdoptions(planned, await adoptedEntities(this.#run, planned.changes));
      await applyPlan(this.#run, planned, hash, {
        ...progress,
        interrupted,
        agree: async (rest) => agree(await this.#reviewed(rest)),
      });
    }
    const { head, target } = this.#run;
    const [mayEnd, isCreated] = [this.#mayEndSecret(report), createdBy(planned.changes)];
    const isAllowed: IsAllowed = (id) => mayEnd(id) || isCreated(id);
    await rotateSecrets(head.declaration, target.login, { isAllowed, onRotated });
    await forgetPlan();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run[Symbol.asyncDispose]();
  }

  /** Checks nothing if the deployment may only suspend: access that has ended must not go on because of a setting of the realm. */
  async #refuseLongLifespans(): Promise<void> {
    const { onlyExpired, environment } = this.#options;
    if (onlyExpired) return;
    const { head, target } = this.#run;
    await refuseLongLifespans(head.declaration, target.login, environment.customers);
  }

  #mayEndSecret({ verdict }: Report): IsAllowed {
    const { names } = this.#options.allowed;
    return (id) =>
      names.has(nameKey("Allow-new-secret", id)) ||
      verdict.overridden.some((each) => each.code === "new-secret" && each.names.includes(id));
  }

  async #reviewed(planned: Planned): Promise<ReviewedPlan> {
    const { environment, base, allowed, keycloak } = this.#options;
    // before the review, which takes time and runs code
    const hash = await hashOfFile(this.#run.planFile);
    const options = { head: this.#run.head, environment, allowed };
    const report = base
      ? await reviewSince(base, { ...options, planned }, keycloak.variables)
      : reviewPlan(planned, options);
    return { planned, report, hash };
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
