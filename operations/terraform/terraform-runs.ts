import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { needExistingRealm } from "../keycloak/existing/existing-realm.ts";
import { oneError, type StackError } from "./stack-errors.ts";
import type { ResourceChange } from "./plan.ts";
import { needTerraform, terraformName } from "./program.ts";
import { chooseProvider, type Provider } from "./provider/provider.ts";
import type { Synthesis } from "./synthesize.ts";
import { SynthesizedFolder } from "./synthesized-folder.ts";
import { type ChosenKeycloak, type Target, targetOfStack } from "./target.ts";
import { TerraformRun } from "./terraform-run.ts";

/**
 * Terraform on the stacks of a realm: its own, and one for each shard. When it goes out of scope, it ends its provider and removes the
 * private folder.
 */
export class TerraformRuns implements AsyncDisposable {
  /** The realm's own stack. */
  readonly realm: TerraformRun;
  /** The stacks of customers. */
  readonly shards: readonly TerraformRun[];
  /** The Keycloak with its login. */
  readonly target: Target;
  readonly #folder: SynthesizedFolder;
  readonly #provider: Provider;

  private constructor(
    folder: SynthesizedFolder,
    target: Target,
    provider: Provider,
    program: string,
  ) {
    const [realm, ...shards] = folder.synthesis.stacks.map(
      (stack) =>
        new TerraformRun(stack, targetOfStack(target, stack.shard), { folder, provider, program }),
    );
    if (!realm) throw new Error("a synthesis has at least the realm's own stack");
    this.realm = realm;
    this.shards = shards;
    this.target = target;
    this.#folder = folder;
    this.#provider = provider;
  }

  /**
   * Synthesizes what is declared now.
   *
   * @param folder what is declared, if it is being synthesized already
   * @throws ExplainedError if the declaration is not valid, or something needed is unavailable
   */
  static async onKeycloak(
    keycloak: ChosenKeycloak,
    folder = SynthesizedFolder.create(keycloak.variables),
  ): Promise<TerraformRuns> {
    const declared = await folder;
    return TerraformRuns.open(declared, () =>
      keycloak.target(declared.synthesis.declaration.realm),
    );
  }

  /**
   * Works on what was synthesized.
   *
   * @param folder is removed together with these runs
   * @param target finds the target; see {@link ChosenKeycloak}
   * @throws UnavailableError without terraform or a provider, or if a realm that has to exist does not
   */
  static async open(
    folder: SynthesizedFolder,
    target: () => Target | Promise<Target>,
  ): Promise<TerraformRuns> {
    const open: AsyncDisposable[] = [folder];
    try {
      const found = await target();
      const fix = found.isOwn ? "npm start creates an empty one" : undefined;
      await needExistingRealm(folder.synthesis.declaration, found.login, fix);
      const program = await needTerraform(found.variables);
      const provider = await chooseProvider(found.variables, found);
      open.unshift({ [Symbol.asyncDispose]: () => provider.stop() });
      console.error(`${terraformName(found.variables)} uses ${provider.description}`);
      return new TerraformRuns(folder, found, provider, program);
    } catch (error) {
      for (const each of open) await each[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The declaration, with the resources of every stack. */
  get head(): Synthesis {
    return this.#folder.synthesis;
  }

  /** Every stack, the realm's own first. */
  get all(): readonly { readonly run: TerraformRun }[] {
    return [this.realm, ...this.shards].map((run) => ({ run }));
  }

  /**
   * Works on several stacks, as many at once as the machine has cores. One that fails stops no other.
   *
   * @returns the results, in the order of the stacks
   * @throws ExplainedError with the error of each stack that failed, by name
   */
  async each<Stack extends { readonly run: TerraformRun }, Result>(
    stacks: readonly Stack[],
    work: (stack: Stack) => Promise<Result>,
  ): Promise<Result[]> {
    const limit = pLimit(Math.max(2, availableParallelism()));
    const failed: StackError[] = [];
    const results = stacks.map((stack) =>
      limit(async () => {
        try {
          await stack.run.initialize();
          return [await work(stack)];
        } catch (error) {
          failed.push({ name: stack.run.name, error });
          return [];
        }
      }),
    );
    const found = (await Promise.all(results)).flat();
    if (failed.length > 0) throw oneError(failed, this.all.length);
    return found;
  }

  /** Plans every stack, only to show the changes; see {@link TerraformRun.plannedChanges}. */
  async plannedChanges(): Promise<ResourceChange[]> {
    return (await this.each(this.all, ({ run }) => run.plannedChanges())).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#provider.stop();
    } finally {
      await this.#folder[Symbol.asyncDispose]();
    }
  }
}
