import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient, type CustomerClientProps } from "../../../constructs/customer-client.ts";
import { RealmStack, type RealmStackProps } from "../../../constructs/realm-stack.ts";
import { app, type Synthesized, written } from "../atlas.ts";

/** Client ids of customers. Of three shards, one has none of them. */
export const ids = ["acme", "globex", "hooli", "initech", "umbrella"];

/** A realm with an API and a scope for customers, as in `main.ts`. */
export class ShardedRealm {
  readonly realm: RealmStack;
  readonly #app = app();
  readonly customers: Construct;

  constructor(shards: RealmStackProps["shards"], props: { readonly existing?: true } = {}) {
    this.realm = new RealmStack(this.#app, "atlas", {
      ...{ realm: "company", keycloak: { url: "https://login.example.com", basePath: "/auth" } },
      ...props,
      ...(shards && { shards }),
    });
    new BackendClient(this.realm, "atlas-api", { permissions: ["orders:read", "orders:write"] });
    this.customers = new Construct(this.realm, "customers");
  }

  /** Adds a customer. */
  add(id: string, props: Partial<CustomerClientProps> = {}): CustomerClient {
    return new CustomerClient(this.customers, id, {
      name: id,
      contact: `api@${id}.example`,
      access: { "atlas-api": ["orders:read"] },
      ...props,
    });
  }

  /** Adds all of {@link ids}. */
  addAll(): this {
    for (const id of ids) this.add(id);
    return this;
  }

  /** The JSON of every stack by its id, as `main.ts` writes them. */
  synthesize(): ReadonlyMap<string, WrittenStack> {
    this.#app.synth();
    const stacks = this.#app.node.children.filter((each) => TerraformStack.isStack(each));
    return new Map(stacks.map(({ node }) => [node.id, written(node.id) as WrittenStack]));
  }
}

/** The JSON of a stack, with comments. */
export interface WrittenStack extends Partial<Synthesized> {
  readonly "//": { readonly declaration?: { readonly customers: object }; readonly shard?: number };
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** The addresses of resources. */
export function addressesIn({ resource = {} }: WrittenStack): string[] {
  return Object.entries(resource).flatMap(([type, all]) =>
    Object.keys(all).map((name) => `${type}.${name}`),
  );
}

/** The id of the stack that has a customer's client. */
export function stackWith(client: string, stacks: ReadonlyMap<string, WrittenStack>): string[] {
  return [...stacks].flatMap(([id, { resource }]) =>
    Object.values(resource?.keycloak_openid_client ?? {})
      .filter(({ client_id }) => client_id === client)
      .map(() => id),
  );
}
