import type { RealmDeclaration } from "../../../constructs/declaration.ts";

/** Arguments of a resource in Terraform's JSON, without cdktf's comments. */
export type ResourceArguments = Readonly<Record<string, unknown>>;

/** Content of a RealmStack, as Terraform reads it and as the project does. */
export interface StackContent {
  /** The declaration that the stack contains. */
  readonly declaration: RealmDeclaration;
  /** The resources by address, such as `keycloak_openid_client.customers_acme_FFAD3FA6`. */
  readonly resources: Readonly<Record<string, ResourceArguments>>;
  /** Addresses that changed while the resource stays the same. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Every other block of the stack: `provider`, `terraform`, `data`, `module`, `output`, `import`, … */
  readonly surroundings: ResourceArguments;
}

/** The resources of some types, by address. */
export function resourcesOfType(
  resources: StackContent["resources"],
  ...types: readonly string[]
): (readonly [address: string, values: ResourceArguments])[] {
  return Object.entries(resources).filter(([address]) =>
    types.includes(address.split(".")[0] ?? ""),
  );
}

/** The JSON of a stack. Its comment contains what the project knows about it. */
export interface SynthesizedStack<Comment> {
  readonly "//": Comment;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceArguments>>>>;
  readonly moved?: StackContent["moved"];
  readonly terraform?: ResourceArguments;
  readonly [block: string]: unknown;
}

/** The comment of a RealmStack. */
export interface Declaring {
  readonly declaration: RealmDeclaration;
}

/** The comment of a stack of customers. */
export interface Sharded {
  /** The number of the shard, from 1. */
  readonly shard: number;
}

/** Whether the JSON of a stack is that of a RealmStack. */
export function isRealmStack(
  stack: Partial<SynthesizedStack<unknown>>,
): stack is SynthesizedStack<Declaring> {
  return (stack["//"] as Partial<Declaring> | undefined)?.declaration !== undefined;
}

/** Whether the JSON of a stack is that of a shard. */
export function isShardStack(
  stack: Partial<SynthesizedStack<unknown>>,
): stack is SynthesizedStack<Sharded> {
  return (stack["//"] as Partial<Sharded> | undefined)?.shard !== undefined;
}

/** Reads the JSON of a realm's stacks as one. Nothing is left out but Terraform's comments, and of shards the state and the provider. */
export function readStacks(
  realm: SynthesizedStack<Declaring>,
  shards: readonly SynthesizedStack<Sharded>[] = [],
): StackContent {
  const own = readStack(realm);
  const others = shards.map((shard) => ({ shard: shard["//"].shard, ...readStack(shard) }));
  if (others.length === 0) return { ...own, declaration: realm["//"].declaration };
  const moved = [own, ...others].flatMap((each) => each.moved);
  const surroundings = others.flatMap(({ shard, surroundings: blocks }) => {
    return Object.entries(blocks)
      .filter(([name]) => !usual.includes(name))
      .map(([name, block]) => [`${name} (shard ${shard})`, block]);
  });
  return {
    declaration: realm["//"].declaration,
    resources: Object.assign(
      {},
      ...[own, ...others].map((each) => each.resources),
    ) as StackContent["resources"],
    moved,
    surroundings: {
      ...own.surroundings,
      ...(Object.fromEntries(surroundings) as ResourceArguments),
      ...(moved.length > 0 && { moved }),
    },
  };
}

/** The blocks that every shard may have, besides resources. */
const usual = ["terraform", "provider", "moved"];

/** Whether a stack's JSON has no other blocks than resources, and those of every shard. */
export function hasOnlyResources(stack: SynthesizedStack<unknown>): boolean {
  return Object.keys(stack).every((name) => ["//", "resource", ...usual].includes(name));
}

/** The addresses of the resources in a stack's JSON. */
export function addressesIn({ resource = {} }: SynthesizedStack<unknown>): string[] {
  return Object.entries(resource).flatMap(([type, all]) =>
    Object.keys(all).map((name) => `${type}.${name}`),
  );
}

function readStack(stack: SynthesizedStack<unknown>): Omit<StackContent, "declaration"> {
  const { resource = {}, moved = [], ...others } = stack;
  const blocks = Object.entries(others).filter(([name]) => name !== "//");
  const resources = Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([name, values]) => [`${type}.${name}`, uncommented(values)]),
  );
  const surroundings = Object.fromEntries(
    blocks.map(([name, block]) => [name, uncommentedBlock(name, block)]),
  );
  return {
    resources: Object.fromEntries(resources) as StackContent["resources"],
    moved,
    surroundings: { ...surroundings, ...(moved.length > 0 && { moved }) },
  };
}

/** Labels between the name of a block and its arguments. */
const labels: Partial<Record<string, number>> = {
  data: 2,
  module: 1,
  output: 1,
  variable: 1,
  check: 1,
};

function uncommentedBlock(name: string, block: unknown, depth = labels[name] ?? 0): unknown {
  if (typeof block !== "object" || block === null || Array.isArray(block)) return block;
  const fields = block as ResourceArguments;
  if (depth === 0) return uncommented(fields);
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => [key, uncommentedBlock(name, inner, depth - 1)]),
  );
}

function uncommented(values: ResourceArguments): ResourceArguments {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== "//"));
}
