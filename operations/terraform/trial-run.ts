import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { plan, type ResourceChange } from "./plan.ts";
import { synthesize, type Synthesis } from "./synthesize.ts";
import type { ChosenKeycloak } from "./target.ts";
import { required, TerraformRun } from "./terraform-run.ts";

/** Terraform on what is declared now, synthesized into a temporary folder. Nothing is left behind when it goes out of scope. */
export class TrialRun implements AsyncDisposable {
  /** The declaration. */
  readonly head: Synthesis;
  readonly run: TerraformRun;
  readonly #folder: TemporaryFolder;

  private constructor(head: Synthesis, run: TerraformRun, folder: TemporaryFolder) {
    this.head = head;
    this.run = run;
    this.#folder = folder;
  }

  /** @throws ExplainedError if the declaration is not valid, or something needed is unavailable */
  static async open(keycloak: ChosenKeycloak): Promise<TrialRun> {
    const folder = await TemporaryFolder.create();
    try {
      const head = await synthesize(folder.path, keycloak.variables);
      const target = await keycloak.target(head.declaration.realm);
      return new TrialRun(head, await TerraformRun.open(head.folder, target), folder);
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Plans, and returns the changes.
   *
   * @throws UnavailableError if terraform cannot plan: Keycloak or the state cannot be reached
   */
  plannedChanges(): Promise<ResourceChange[]> {
    return required(plan(this.run.workspace, "trial.tfplan"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.run[Symbol.asyncDispose]();
    } finally {
      await this.#folder[Symbol.asyncDispose]();
    }
  }
}
