import type { RealmDeclaration } from "../../constructs/declaration.ts";

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

/** The JSON of a RealmStack. Its comment contains the declaration. */
export interface SynthesizedStack {
  readonly "//": { readonly declaration: RealmDeclaration };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceArguments>>>>;
  readonly moved?: StackContent["moved"];
  readonly terraform?: ResourceArguments;
  readonly [block: string]: unknown;
}

/** Whether the JSON of a stack is that of a RealmStack. */
export function isRealmStack(stack: Partial<SynthesizedStack>): stack is SynthesizedStack {
  return (stack["//"] as Partial<SynthesizedStack["//"]> | undefined)?.declaration !== undefined;
}

/** Reads a stack's JSON. Nothing is left out but Terraform's comments. */
export function readStack(stack: SynthesizedStack): StackContent {
  const { "//": comment, resource = {}, moved = [], ...others } = stack;
  const resources = Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([name, values]) => [`${type}.${name}`, uncommented(values)]),
  );
  const surroundings = Object.fromEntries(
    Object.entries(others).map(([name, block]) => [name, uncommentedBlock(name, block)]),
  );
  return {
    declaration: comment.declaration,
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
