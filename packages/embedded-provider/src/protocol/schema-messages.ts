import type { Block, ProviderSchema, Schema } from "./schema.ts";

/**
 * Lets Terraform ask for the schema once in each run, as with the official provider. Otherwise it asks each time that it starts to work
 * with the provider, and decoding the schema takes longer than most other calls.
 */
const server_capabilities = { get_provider_schema_optional: true };

/** Answers GetMetadata: the names of all resource types and data sources. */
export function metadataMessage(schema: ProviderSchema): object {
  return {
    server_capabilities,
    resources: typeNames(schema.resource_schemas),
    data_sources: typeNames(schema.data_source_schemas),
  };
}

/** Answers GetProviderSchema. */
export function providerSchemaMessage(schema: ProviderSchema, env: NodeJS.ProcessEnv): object {
  return {
    server_capabilities,
    provider: schemaMessage(withOptionalUrl(schema.provider, env)),
    resource_schemas: schemaMessages(schema.resource_schemas),
    data_source_schemas: schemaMessages(schema.data_source_schemas),
  };
}

// as in the official provider, an address in the environment makes the argument optional
function withOptionalUrl({ version, block }: Schema, env: NodeJS.ProcessEnv): Schema {
  const isInEnvironment = (env.KEYCLOAK_URL ?? "") !== "";
  const url = { type: "string", required: !isInEnvironment, optional: isInEnvironment };
  return { version, block: { ...block, attributes: { ...block.attributes, url } } };
}

function typeNames(schemas: Readonly<Record<string, Schema>>): object[] {
  return Object.keys(schemas).map((type_name) => ({ type_name }));
}

function schemaMessages(schemas: Readonly<Record<string, Schema>>): object {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, schemaMessage(schema)]),
  );
}

function schemaMessage({ version, block }: Schema): object {
  return { version, block: blockMessage(block) };
}

function blockMessage({ attributes = {}, block_types = {} }: Block): object {
  return {
    attributes: Object.entries(attributes).map(([name, { type, ...flags }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...flags,
    })),
    block_types: Object.entries(block_types).map(([type_name, nested]) => ({
      type_name,
      block: blockMessage(nested.block),
      nesting: nested.nesting_mode.toUpperCase(),
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
    })),
  };
}
