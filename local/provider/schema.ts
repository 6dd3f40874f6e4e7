/** The official provider's schema, as `terraform providers schema -json` prints it, and its form in the plugin protocol. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

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

/** A block: the body of a resource, or of what is nested in one. */
export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

/** A nested block, which may stand `max_items` times. */
export interface NestedBlock {
  readonly block: Block;
  readonly nesting_mode: "list" | "set";
  readonly min_items?: number;
  readonly max_items?: number;
}

/** The schema of the provider's configuration, of a resource type or of a data source. */
export interface Schema {
  readonly version: number;
  readonly block: Block;
}

/** All schemas of the provider. */
export interface ProviderSchema {
  readonly provider: Schema;
  readonly resource_schemas: Readonly<Record<string, Schema>>;
  readonly data_source_schemas: Readonly<Record<string, Schema>>;
}

/** Where Terraform finds the official provider, and what the embedded one stands in for. */
export const PROVIDER_ADDRESS = "registry.terraform.io/keycloak/keycloak";

const SCHEMA_FILE = resolve(import.meta.dirname, "../../packages/provider-keycloak/schema.json");

/** Reads the official schema from the bindings package. */
export function loadSchema(file = SCHEMA_FILE): ProviderSchema {
  const { provider_schemas } = JSON.parse(readFileSync(file, "utf8")) as {
    provider_schemas: Record<string, ProviderSchema>;
  };
  const schema = provider_schemas[PROVIDER_ADDRESS];
  if (schema === undefined) throw new Error(`${file} does not describe ${PROVIDER_ADDRESS}`);
  return schema;
}

/** The schema as GetProviderSchema answers it. */
export function toProto({ version, block }: Schema): object {
  return { version, block: blockToProto(block) };
}

function blockToProto({ attributes = {}, block_types = {} }: Block): object {
  return {
    attributes: Object.entries(attributes).map(([name, { type, ...flags }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...flags,
    })),
    block_types: Object.entries(block_types).map(([type_name, nested]) => ({
      type_name,
      block: blockToProto(nested.block),
      nesting: nested.nesting_mode.toUpperCase(),
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
    })),
  };
}

/** What an attribute of that type is when nobody has set it, to a provider that knows no null. */
export function zero(type: Type): Value {
  if (typeof type !== "string") return type[0] === "map" ? {} : [];
  return type === "bool" ? false : type === "number" ? 0 : "";
}

/** The value with exactly the schema's attributes: others dropped, missing ones null or, for blocks, absent. */
export function conform(block: Block, value: Value | undefined): State {
  const from = isRecord(value) ? value : {};
  const state: State = {};
  for (const name of Object.keys(block.attributes ?? {})) state[name] = from[name] ?? null;
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const items = from[name];
    state[name] = Array.isArray(items) ? items.map((item) => conform(nested.block, item)) : [];
  }
  return state;
}
