import { join } from "node:path";
import { needExistingRealm } from "../keycloak/existing/existing-realm.ts";
import { refuseErroredState } from "./state/errored-state.ts";
import { plan, type ResourceChange } from "./plan.ts";
import { needTerraform, terraformName } from "./program.ts";
import { copyProviderLock } from "./provider/provider-lock.ts";
import { chooseProvider, type Provider } from "./provider/provider.ts";
import { required } from "./required.ts";
import { stateFileOf } from "./state/state-file.ts";
import type { Synthesis } from "./synthesize.ts";
import { SynthesizedFolder } from "./synthesized-folder.ts";
import type { ChosenKeycloak, Target } from "./target.ts";
import { terraform, type Workspace } from "./terraform.ts";

/**
 * Terraform, initialized on what is declared and a Keycloak. It works in a private folder that holds only what was synthesized. When it goes
 * out of scope, it ends its provider and removes the folder.
 */
export class TerraformRun implements AsyncDisposable {
  readonly workspace: Workspace;
  /** The Keycloak with its login, and the place of the state. */
  readonly target: Target;
  /** See {@link Provider}. */
  readonly provider: Provider["name"];
  /** The program that runs, with its version; see {@link needTerraform}. */
  readonly program: string;
  readonly #folder: SynthesizedFolder;
  readonly #provider: Provider;

  private constructor(
    folder: SynthesizedFolder,
    target: Target,
    provider: Provider,
    program: string,
  ) {
    this.workspace = {
      folder: folder.synthesis.folder,
      // a long apply may have renewed the session since terraform last ran
      get variables() {
        const { session } = target.login;
        return session
          ? { ...provider.variables, KEYCLOAK_ACCESS_TOKEN: session.latest }
          : provider.variables;
      },
    };
    this.target = target;
    this.provider = provider.name;
    this.program = program;
    this.#folder = folder;
    this.#provider = provider;
  }

  /**
   * Synthesizes what is declared now, and initializes terraform.
   *
   * @throws ExplainedError if the declaration is not valid, or something needed is unavailable
   */
  static async onKeycloak(keycloak: ChosenKeycloak): Promise<TerraformRun> {
    const folder = await SynthesizedFolder.create(keycloak.variables);
    return TerraformRun.open(folder, () => keycloak.target(folder.synthesis.declaration.realm));
  }

  /**
   * Initializes terraform on what was synthesized.
   *
   * @param folder is removed together with this run
   * @param target finds the target; see {@link ChosenKeycloak}
   * @throws UnavailableError without terraform or a provider, if its state cannot be reached, or if a realm that has to exist does not
   */
  static async open(
    folder: SynthesizedFolder,
    target: () => Target | Promise<Target>,
  ): Promise<TerraformRun> {
    const open: AsyncDisposable[] = [folder];
    try {
      const found = await target();
      const fix = found.isOwn ? "npm start creates an empty one" : undefined;
      await needExistingRealm(folder.synthesis.declaration, found.login, fix);
      const program = await needTerraform(found.variables);
      const provider = await chooseProvider(found.variables, found);
      open.unshift({ [Symbol.asyncDispose]: () => provider.stop() });
      console.error(`${terraformName(found.variables)} uses ${provider.description}`);
      const run = new TerraformRun(folder, found, provider, program);
      await required(terraform(run.workspace, await run.#initArguments()));
      return run;
    } catch (error) {
      for (const each of open) await each[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The declaration. */
  get head(): Synthesis {
    return this.#folder.synthesis;
  }

  /** A path for a saved plan, in the private folder. */
  get planFile(): string {
    return join(this.#folder.path, "terraform.tfplan");
  }

  /**
   * Plans only to show the changes: nothing is imported, and nothing can be applied later.
   *
   * @throws RefusedError if an earlier deploy could not store its state
   * @throws UnavailableError if terraform cannot plan: Keycloak or the state cannot be reached
   */
  async plannedChanges(): Promise<ResourceChange[]> {
    refuseErroredState(this.target);
    return required(plan(this.workspace, this.planFile));
  }

  /** Leaves the private folder behind, because it has the only copy of something. */
  keepFolder(): void {
    this.#folder.keep();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#provider.stop();
    } finally {
      await this.#folder[Symbol.asyncDispose]();
    }
  }

  async #initArguments(): Promise<string[]> {
    // terraform attaches to the embedded provider, so it would remove its checksums from the lock file
    const isLocked =
      this.provider !== "embedded" && (await copyProviderLock(this.workspace.folder));
    // -upgrade: the code pins the version
    const lock = isLocked ? "-lockfile=readonly" : "-upgrade";
    const { isElsewhere, path } = await stateFileOf(this);
    const state = isElsewhere ? ["-reconfigure", `-backend-config=path=${path}`] : [];
    return ["init", "-no-color", lock, ...state];
  }
}
