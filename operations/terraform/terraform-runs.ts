import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { interruption } from "../../system/interruption.ts";
import { ExplainedError } from "../../text/errors.ts";
import { needExistingRealm } from "../keycloak/existing/existing-realm.ts";
import { requestFailure } from "../keycloak/failures.ts";
import { explanations, oneError, type StackError } from "./output/stack-errors.ts";
import type { ResourceChange } from "./plan.ts";
import { needTerraform, terraformName } from "./program.ts";
import { chooseProvider, needOfficialProvider, type Provider } from "./provider/provider.ts";
import type { Synthesis } from "./synthesis/synthesize.ts";
import { SynthesizedFolder } from "./synthesis/synthesized-folder.ts";
import { type ChosenKeycloak, type Target, targetOfStack } from "./target.ts";
import { TerraformRun } from "./terraform-run.ts";
import { terraformVariables } from "./terraform.ts";

/** How several stacks are worked on. */
export interface Pace {
  /**
   * The number of stacks at once.
   * @default the number of the machine's cores, and at least 2
   */
  readonly parallel?: number;
  /** Called with the number of stacks when several are worked on. It returns what is called for each of them. */
  readonly onStacks?: (verb: StackVerb, of: number) => StacksProgress;
}

/** What is done with a stack. */
export type StackVerb = "plan" | "apply" | "move";

/** How far the work on several stacks is, by their names. It goes out of scope when all have ended. */
export interface StacksProgress extends Disposable {
  onStart(stack: string): void;
  onDone(stack: string): void;
  onFailed(stack: string): void;
}

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
  readonly #pace: Pace;

  private constructor(
    folder: SynthesizedFolder,
    target: Target,
    provider: Provider,
    program: string,
    pace: Pace,
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
    this.#pace = pace;
  }

  /**
   * Asks for terraform and its provider while something else takes time. {@link open} reports what they answer.
   *
   * @param variables the environment variables of the command
   */
  static prepare(variables: NodeJS.ProcessEnv): void {
    needTerraform(variables).catch(() => undefined);
    if (variables.ATLAS_PROVIDER !== "embedded")
      needOfficialProvider(terraformVariables(variables)).catch(() => undefined);
  }

  /**
   * Synthesizes what is declared now.
   *
   * @param pace how several stacks are worked on
   * @param folder what is declared, if it is being synthesized already
   * @throws ExplainedError if the declaration is not valid, or something needed is unavailable
   */
  static async onKeycloak(
    keycloak: ChosenKeycloak,
    pace: Pace = {},
    folder = SynthesizedFolder.create(keycloak.variables),
  ): Promise<TerraformRuns> {
    TerraformRuns.prepare(keycloak.variables);
    keycloak.prepare?.();
    const declared = await folder;
    const { realm } = declared.synthesis.declaration;
    return TerraformRuns.open(declared, () => keycloak.target(realm), pace);
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
    pace: Pace = {},
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
      return new TerraformRuns(folder, found, provider, program, pace);
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
   * Works on several stacks at once. One that fails stops no other.
   *
   * @param verb what is done, for the progress report
   * @returns the results, in the order of the stacks
   * @throws ExplainedError with the error of each stack that failed, by name
   */
  async each<Stack extends { readonly run: TerraformRun }, Result>(
    stacks: readonly Stack[],
    work: (stack: Stack) => Promise<Result>,
    verb?: StackVerb,
  ): Promise<Result[]> {
    const { parallel = Math.max(2, availableParallelism()), onStacks } = this.#pace;
    const limit = pLimit(parallel);
    using progress = verb && stacks.length > 1 ? onStacks?.(verb, stacks.length) : undefined;
    const failed: StackError[] = [];
    const waiting = new Set(stacks.map(({ run }) => run.name));
    const results = stacks.map((stack) =>
      limit(async () => {
        const { name } = stack.run;
        try {
          interruption.throwIfAborted();
          waiting.delete(name);
          progress?.onStart(name);
          // terraform gets the access token, which an earlier stack may have used up
          await this.target.login.session?.accessToken();
          await stack.run.initialize();
          const result = await work(stack);
          progress?.onDone(name);
          return [result];
        } catch (error) {
          progress?.onFailed(name);
          failed.push({ name, error: requestFailure(error) ?? error });
          return [];
        }
      }),
    );
    const found = (await Promise.all(results)).flat();
    if (failed.length === 0) return found;
    const error = oneError(failed, this.all.length);
    if (!(error instanceof ExplainedError)) {
      for (const line of explanations(failed)) console.error(line);
      if (waiting.size > 0 && stacks.length > 1)
        console.error(`not begun: ${[...waiting].join(", ")}`);
    }
    throw error;
  }

  /** Plans every stack, only to show the changes; see {@link TerraformRun.plannedChanges}. */
  async plannedChanges(): Promise<ResourceChange[]> {
    return (await this.each(this.all, ({ run }) => run.plannedChanges(), "plan")).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#provider.stop();
    } finally {
      await this.#folder[Symbol.asyncDispose]();
    }
  }
}
