import { createRequire } from "node:module";
import { isRecord, type State, type Value } from "./value.ts";

/** A type constraint: `"string"`, or `["set", "string"]`. */
export type Type = string | readonly [string, Type];

/** One attribute of the schema. */
export interface Attribute {
  readonly type: Type;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
}

/** The body of a resource, or of a nested block. */
export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

/** A nested block, and how often it may occur. */
export interface NestedBlock {
  readonly block: Block;
  readonly nesting_mode: "list" | "set";
  readonly min_items?: number;
  readonly max_items?: number;
}

/** The schema of the provider block, of a resource type or of a data source. */
export interface Schema {
  readonly version: number;
  readonly block: Block;
}

/**
 * All schemas of a provider, as `terraform providers schema -json` prints them.
 *
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/schema
 */
export interface ProviderSchema {
  readonly provider: Schema;
  readonly resource_schemas: Readonly<Record<string, Schema>>;
  readonly data_source_schemas: Readonly<Record<string, Schema>>;
}

/** The official provider's source address in Terraform's registry, by which the schema's file names it. */
export const providerAddress = "registry.terraform.io/keycloak/keycloak";

/** The source addresses that the embedded provider answers to. OpenTofu takes `keycloak/keycloak` for the one in its own registry. */
export const providerAddresses = [providerAddress, "registry.opentofu.org/keycloak/keycloak"];

const schemaFile = "@cdktf/provider-keycloak/schema.json";

/**
 * Loads the official provider's schema, the one that the bindings are generated from.
 *
 * @throws Error if the file does not describe {@link providerAddress}
 */
export function loadSchema(): ProviderSchema {
  // required, not imported: type checking would infer a type of several thousand lines from it
  const { provider_schemas } = createRequire(import.meta.url)(schemaFile) as {
    provider_schemas: Record<string, ProviderSchema>;
  };
  const schema = provider_schemas[providerAddress];
  if (schema === undefined) throw new Error(`${schemaFile} does not describe ${providerAddress}`);
  return schema;
}

/** The zero value of a type, which the official provider has instead of null. */
export function zeroValue(type: Type): Value {
  if (typeof type !== "string") return type[0] === "map" ? {} : [];
  return type === "bool" ? false : type === "number" ? 0 : "";
}

/** Reduces a value to the attributes and blocks of the schema; missing attributes are null, missing blocks empty. */
export function conform(block: Block, value: Value | undefined): State {
  const source = isRecord(value) ? value : {};
  const state: State = {};
  for (const name of Object.keys(block.attributes ?? {})) state[name] = source[name] ?? null;
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const items = source[name];
    state[name] = Array.isArray(items) ? items.map((item) => conform(nested.block, item)) : [];
  }
  return state;
}
