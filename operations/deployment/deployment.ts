import type { Environment } from "../../configuration/environment.ts";
import type { Base } from "../review/base/git.ts";
import type { Allowed } from "../review/guard/allowed.ts";
import type { Report } from "../review/report.ts";
import { reviewPlan, reviewSince } from "../review/review.ts";
import { changesInPlan, effective, type Planned } from "../terraform/plan.ts";
import { outdir, synthesize, type Synthesis } from "../terraform/synthesize.ts";
import type { ChosenKeycloak } from "../terraform/target.ts";
import { TerraformRun } from "../terraform/terraform-run.ts";
import { applyPlan, type Progress } from "./apply-plan.ts";
import { planDeployment } from "./planning.ts";
import { refuseRealmChange } from "./refuse-realm-change.ts";
import {
  forgetPlan,
  keepPlan,
  newPlanFolder,
  originNow,
  planFile,
  refuseSecrets,
  refuseStale,
  type SavedPlan,
} from "./saved-plan.ts";

/** Options of a deployment. */
export interface DeploymentOptions {
  readonly environment: Environment;
  readonly keycloak: ChosenKeycloak;
  /** The commit that the review compares with; undefined if only the plan is reviewed. */
  readonly base: Base | undefined;
  /** Overrides of guard rails by options. */
  readonly allowed: Allowed;
}

/** A plan with its review. */
export interface ReviewedPlan {
  readonly planned: Planned;
  readonly report: Report;
}

/**
 * A deployment of what is declared to the Keycloak of an environment: first a plan and its review, then the apply. When it goes out of
 * scope, it ends terraform's provider, and removes a plan that was neither saved nor taken from an earlier run.
 */
export class Deployment implements AsyncDisposable {
  readonly #options: DeploymentOptions;
  readonly #head: Synthesis;
  readonly #run: TerraformRun;
  #keepsPlan = true;

  private constructor(options: DeploymentOptions, head: Synthesis, run: TerraformRun) {
    this.#options = options;
    this.#head = head;
    this.#run = run;
  }

  /**
   * Synthesizes the declaration and initializes terraform.
   *
   * @throws ExplainedError if the declaration is not valid, or something needed is unavailable
   */
  static async open(options: DeploymentOptions): Promise<Deployment> {
    const { keycloak } = options;
    const head = await synthesize(outdir, keycloak.variables);
    const target = await keycloak.target(head.declaration.realm);
    return new Deployment(options, head, await TerraformRun.open(head.folder, target));
  }

  /** Plans, and reviews the plan. An older saved plan is removed. */
  async plan(interrupted: AbortSignal): Promise<ReviewedPlan> {
    // terraform's file may contain the secret of a client that it would import
    this.#keepsPlan = false;
    await newPlanFolder();
    const { realm } = this.#head.declaration;
    const planned = await planDeployment(this.#run, realm, planFile, interrupted);
    return { planned, report: await this.#review(planned) };
  }

  /**
   * Reads a saved plan, and reviews it again.
   *
   * @throws ExplainedError if it is stale
   */
  async takeSaved(saved: SavedPlan, commit: string): Promise<ReviewedPlan> {
    const { workspace } = this.#run;
    refuseStale(saved, await originNow(this.#environment, commit, this.#head, workspace));
    const changes = await changesInPlan(workspace, planFile);
    const planned = { changes, adopted: saved.adopted };
    return { planned, report: await this.#review(planned) };
  }

  /**
   * Refuses what the identity that deploys may not do, before anything is applied.
   *
   * @throws RefusedError if the deployer would change the realm itself
   */
  refuseForbidden({ changes }: Planned): void {
    const advice = "deploy it as an administrator";
    refuseRealmChange(this.#run.login, effective(changes), advice);
  }

  /**
   * Completes a saved plan, so that it can be applied later.
   *
   * @throws RefusedError if the plan contains secrets
   */
  async save(planned: Planned, commit: string): Promise<void> {
    refuseSecrets(planned);
    const origin = await originNow(this.#environment, commit, this.#head, this.#run.workspace);
    await keepPlan({ ...origin, adopted: planned.adopted });
    this.#keepsPlan = true;
  }

  /** Applies a plan if it changes something; see {@link applyPlan}. The plan is removed afterwards. */
  async apply(planned: Planned, progress: Progress): Promise<void> {
    const { realm } = this.#head.declaration;
    if (effective(planned.changes).length > 0)
      await applyPlan(this.#run, realm, planned, planFile, progress);
    this.#keepsPlan = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.#keepsPlan) await forgetPlan();
    } finally {
      await this.#run[Symbol.asyncDispose]();
    }
  }

  get #environment(): string {
    return this.#options.environment.name;
  }

  async #review(planned: Planned): Promise<Report> {
    const { environment, base, allowed, keycloak } = this.#options;
    const options = { head: this.#head, environment, allowed };
    return base
      ? reviewSince(base, { ...options, planned }, keycloak.variables)
      : reviewPlan(planned, options);
  }
}
