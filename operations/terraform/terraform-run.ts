import { join } from "node:path";
import { refuseErroredState } from "./state/errored-state.ts";
import { plan, type ResourceChange } from "./plan.ts";
import { copyProviderLock } from "./provider/provider-lock.ts";
import type { Provider } from "./provider/provider.ts";
import { required } from "./required.ts";
import { stateFileOf } from "./state/state-file.ts";
import type { Synthesis, SynthesizedFolderOfStack } from "./synthesis/synthesize.ts";
import type { SynthesizedFolder } from "./synthesis/synthesized-folder.ts";
import { stackName, type Target } from "./target.ts";
import { terraform, type Workspace } from "./terraform.ts";

/** Everything that the stacks of a realm share. */
export interface SharedRun {
  readonly folder: SynthesizedFolder;
  readonly provider: Provider;
  /** The program that runs, with its version; see {@link needTerraform}. */
  readonly program: string;
}

/**
 * The most resources of a stack with which terraform may collect its garbage rarely. That takes a third of its CPU time, and terraform needs
 * 150 MB instead of 100 MB.
 *
 * @see https://go.dev/doc/gc-guide#GOGC
 */
const mostOfSmall = 400;

/** Terraform on one stack of a realm, with a Keycloak. It works in a private folder that holds only what was synthesized. */
export class TerraformRun {
  /** The stack's name: `realm`, or `customers-3` for the third shard. */
  readonly name: string;
  /** The number of its shard; undefined for the realm's own stack. */
  readonly shard: number | undefined;
  readonly workspace: Workspace;
  /** The Keycloak with its login, and the place of the state. */
  readonly target: Target;
  /** The addresses of the stack's resources. */
  readonly addresses: readonly string[];
  readonly #shared: SharedRun;
  #initialized: Promise<unknown> | undefined;

  constructor(
    { folder, shard, addresses }: SynthesizedFolderOfStack,
    target: Target,
    shared: SharedRun,
  ) {
    const { provider } = shared;
    const isSmall = addresses.length <= mostOfSmall;
    const memory = isSmall ? { GOGC: target.variables.GOGC || "400" } : {};
    this.name = stackName(shard);
    this.shard = shard;
    this.addresses = addresses;
    this.workspace = {
      folder,
      // a long apply may have renewed the session since terraform last ran
      get variables() {
        const { session } = target.login;
        const { TF_DATA_DIR } = target.variables;
        const variables = { ...provider.variables, ...memory, TF_DATA_DIR };
        return session ? { ...variables, KEYCLOAK_ACCESS_TOKEN: session.latest } : variables;
      },
    };
    this.target = target;
    this.#shared = shared;
  }

  /** See {@link Provider}. */
  get provider(): Provider["name"] {
    return this.#shared.provider.name;
  }

  /** The program that runs, with its version. */
  get program(): string {
    return this.#shared.program;
  }

  /** The declaration, with the resources of every stack. */
  get head(): Synthesis {
    return this.#shared.folder.synthesis;
  }

  /** A path for a saved plan, in the private folder. */
  get planFile(): string {
    return join(this.#shared.folder.path, `${this.name}.tfplan`);
  }

  /**
   * Initializes terraform, unless that has been done.
   *
   * @throws UnavailableError if the state cannot be reached
   */
  async initialize(): Promise<void> {
    this.#initialized ??= this.#initialize();
    await this.#initialized;
  }

  /**
   * Plans only to show the changes: nothing is imported, and nothing can be applied later.
   *
   * @param targets the addresses to plan; by default all
   * @throws RefusedError if an earlier deploy could not store its state
   * @throws UnavailableError if terraform cannot plan: Keycloak or the state cannot be reached
   */
  async plannedChanges(targets?: readonly string[]): Promise<ResourceChange[]> {
    refuseErroredState(this.target);
    return required(plan(this.workspace, this.planFile, targets));
  }

  /** Leaves the private folder behind, because it has the only copy of something. */
  keepFolder(): void {
    this.#shared.folder.keep();
  }

  async #initialize(): Promise<void> {
    // terraform attaches to the embedded provider, so it would remove its checksums from the lock file
    const isLocked =
      this.provider !== "embedded" && (await copyProviderLock(this.workspace.folder));
    // -upgrade: the code pins the version
    const lock = isLocked ? "-lockfile=readonly" : "-upgrade";
    const { isElsewhere, path } = await stateFileOf(this);
    const state = isElsewhere ? ["-reconfigure", `-backend-config=path=${path}`] : [];
    await required(terraform(this.workspace, ["init", "-no-color", lock, ...state]));
  }
}
