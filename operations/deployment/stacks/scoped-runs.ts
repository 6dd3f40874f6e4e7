import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { shardOfEntry } from "../../../constructs/shards/shard-of.ts";
import type { Environment } from "../../../configuration/environment.ts";
import { RefusedError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { plural } from "../../../text/plural.ts";
import type { Base } from "../../review/base/git/git.ts";
import { identical } from "../../review/compare/values.ts";
import { type ReadBase, readBase } from "../../review/review.ts";
import { SynthesizedFolder } from "../../terraform/synthesis/synthesized-folder.ts";
import type { Synthesis } from "../../terraform/synthesis/synthesize.ts";
import type { ChosenKeycloak } from "../../terraform/target.ts";
import { type Pace, TerraformRuns } from "../../terraform/terraform-runs.ts";
import type { StackToPlan } from "../plan/planning.ts";
import { type Part, stacksOfPart, wholePlan } from "../saved-plan/part.ts";
import type { Scope, Selection } from "./scope.ts";
import { targetsIn } from "./targets.ts";

/** What a plan works on. */
export interface ScopedOptions {
  readonly environment: Environment;
  readonly keycloak: ChosenKeycloak;
  /** The commit that is compared with; undefined if there is none. */
  readonly base: Base | undefined;
  readonly scope: Scope;
  /** How several stacks are worked on. */
  readonly pace: Pace;
}

/**
 * Terraform on the stacks of a scope, and the base that they are compared with. Both sides are synthesized at the same time, without the other
 * shards.
 */
export class ScopedRuns implements AsyncDisposable {
  readonly runs: TerraformRuns;
  /** The base; undefined if there is none. */
  readonly before: Promise<ReadBase> | undefined;
  /** The variables that both sides are synthesized with. */
  readonly variables: NodeJS.ProcessEnv;
  readonly #options: ScopedOptions;

  private constructor(
    runs: TerraformRuns,
    before: Promise<ReadBase> | undefined,
    variables: NodeJS.ProcessEnv,
    options: ScopedOptions,
  ) {
    this.runs = runs;
    this.before = before;
    this.variables = variables;
    this.#options = options;
  }

  /**
   * Synthesizes the declaration, and starts to read the base.
   *
   * @throws ExplainedError if the declaration is not valid, or something needed is unavailable
   */
  static async open(options: ScopedOptions): Promise<ScopedRuns> {
    const { environment, keycloak, base, scope, pace } = options;
    const variables = { ...keycloak.variables, ...scopeVariables(scope) };
    const folder = SynthesizedFolder.create(variables);
    const head = folder.then(({ synthesis }) => synthesis);
    const before = base && readBase(base, { head, environment, tree: scope.tree }, variables);
    // whoever needs them awaits them
    before?.catch(() => undefined);
    head.catch(() => undefined);
    try {
      const runs = await TerraformRuns.onKeycloak({ ...keycloak, variables }, pace, folder);
      return new ScopedRuns(runs, before, variables, options);
    } catch (error) {
      // it removes its own files when it ends
      await before?.catch(() => undefined);
      throw error;
    }
  }

  /**
   * The stacks to plan, and what to plan of them. The realm's own is left out of a scope if its declaration is as at the base. Prints what is
   * left out.
   *
   * @param part the part of the stacks; by default all of them
   * @throws RefusedError if a customer has changed whose shard is not in the scope
   */
  async stacks(part: Part = wholePlan): Promise<readonly StackToPlan[]> {
    const { runs, before } = this;
    const inPart = stacksOfPart(runs.realm, runs.shards, part).map((run) => ({ run }));
    const { scope, environment } = this.#options;
    const { count } = environment.shards;
    const { only } = scope;
    if (only === undefined) {
      if (scope.reason !== undefined) console.error(`plans every shard: ${scope.reason}`);
      return inPart;
    }
    const base = (await before)?.declared.synthesis;
    const { head } = runs;
    if (base) refuseUnexpected(base.declaration, head.declaration, only);
    const isRealmSame = base !== undefined && identical(ownOf(base), ownOf(head));
    console.error(
      [
        `plans ${only.shards.length} of ${plural(count, "shard")}${only.shards.length > 0 ? ` (${only.shards.join(", ")})` : ""}`,
        ...(scope.reason === undefined ? [] : [scope.reason]),
        ...(isRealmSame ? ["leaves out the realm, which is declared as at the base"] : []),
      ].join("; "),
    );
    const stacks = isRealmSame ? inPart.filter(({ run }) => run !== runs.realm) : inPart;
    return stacks.map(({ run }) => ({
      run,
      targets:
        base && run.shard !== undefined
          ? targetsIn(run.shard, { before: base, after: head }, only.customers)
          : undefined,
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.before?.catch(() => undefined);
    await this.runs[Symbol.asyncDispose]();
  }
}

/** The variables with which only the shards of a scope are synthesized. */
export function scopeVariables({ only }: Scope): NodeJS.ProcessEnv {
  return only === undefined ? {} : { SHARDS_ONLY: only.shards.join(",") || "none" };
}

/** What the realm's own stack declares. */
function ownOf({ declaration, resources, stacks, surroundings, moved }: Synthesis) {
  const addresses = new Set(stacks[0]?.addresses ?? []);
  return {
    declaration: { ...declaration, customers: undefined },
    resources: [...addresses].map((address) => [address, resources[address]]),
    surroundings: { ...surroundings, moved: moved.filter(({ to }) => addresses.has(to)) },
  };
}

/** A `main.ts` may declare customers in another way than by their entries. */
function refuseUnexpected(
  before: RealmDeclaration,
  { customers, shards = 1 }: RealmDeclaration,
  { shards: planned }: Selection,
): void {
  const ids = new Set([...Object.keys(before.customers), ...Object.keys(customers)]);
  const unexpected = [...ids].filter((id) => {
    if (identical(before.customers[id], customers[id])) return false;
    const entry = customers[id] ?? before.customers[id] ?? {};
    return !planned.includes(shardOfEntry(id, entry, shards));
  });
  if (unexpected.length === 0) return;
  throw new RefusedError(
    `customers differ from the base although their entries do not: ${listed(unexpected.slice(0, 10))}; nothing is applied; add --all to plan every shard`,
  );
}
