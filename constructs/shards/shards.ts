import { Construct, RootConstruct } from "constructs";
import type { TerraformStack } from "cdktf";
import type { Customer } from "../declaration.ts";
import { CustomerStack, type CustomerStackProps } from "./customer-stack.ts";
import { shardOfEntry, shardSuffix } from "./shard-of.ts";
import { shardState, shardStateProblems } from "./shard-state.ts";

/** The stacks that the customers of a realm are distributed to. */
export interface CustomerShards {
  /** The number of stacks for customers. 1 keeps them in the realm's own stack. */
  readonly count: number;
  /**
   * The shards to synthesize. Customers of others are declared, but have no resources.
   * @default all
   */
  readonly only?: readonly number[];
}

/** The id of a shard's stack: `atlas-customers-3`. */
function shardStackId(realm: string, shard: number): string {
  return `${realm}-${shardSuffix(shard)}`;
}

/** The stacks of a realm's shards. */
export class ShardStacks {
  readonly #stacks: readonly CustomerStack[];
  readonly #realm: TerraformStack;

  constructor({ count, only }: CustomerShards, props: Omit<CustomerStackProps, "shard">) {
    const { realm, state } = props;
    this.#realm = realm;
    // never reached by the synthesis
    const hidden = new RootConstruct();
    const app = realm.node.scope instanceof Construct ? realm.node.scope : hidden;
    this.#stacks = Array.from({ length: count }, (_, index) => {
      const shard = index + 1;
      const isLeftOut = only !== undefined && !only.includes(shard);
      const scope = isLeftOut ? hidden : app;
      const stack = new CustomerStack(scope, shardStackId(realm.node.id, shard), {
        ...{ ...props, shard, state: shardState(state, shardSuffix(shard)) },
      });
      if (!isLeftOut) stack.addDependency(realm);
      return stack;
    });
    realm.node.addValidation({ validate: () => shardStateProblems(state) });
  }

  /** The number of shards. */
  get count(): number {
    return this.#stacks.length;
  }

  /**
   * The scope for a customer that is declared below a scope of the realm's stack: the same path in the stack of its shard, so that the
   * customer has the same Terraform address in every shard.
   */
  scopeFor(id: string, entry: Pick<Customer, "renamedFrom">, scope: Construct): Construct {
    const stack = this.#stacks[shardOfEntry(id, entry, this.#stacks.length) - 1];
    const { scopes } = scope.node;
    let place: Construct = stack ?? scope;
    for (const { node } of scopes.slice(scopes.indexOf(this.#realm) + 1)) {
      const child = place.node.tryFindChild(node.id);
      place = child instanceof Construct ? child : new Construct(place, node.id);
    }
    return place;
  }
}
