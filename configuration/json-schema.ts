import { z } from "zod";
import { customersSchema, type DeclaredClients } from "./customers.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema of `customers.yaml`, for editors. It is generated from the definition that validates the file. */
export function customersJsonSchema(declared: DeclaredClients): string {
  const schema = z.toJSONSchema(customersSchema(declared), {
    ...{ io: "input", target: "draft-7" },
    override: ({ jsonSchema }) => Object.assign(jsonSchema, withConditionalFields(jsonSchema)),
  });
  return `${JSON.stringify({ title: "customers.yaml", ...schema }, null, 2)}\n`;
}

/**
 * Moves the schema of each field that a condition forbids into the `else` of the condition. Editors offer every field that has a schema in
 * `properties`, also a forbidden one.
 */
function withConditionalFields({ properties = {}, allOf }: JsonSchema): Partial<JsonSchema> {
  if (!allOf) return {};
  const unconditional = { ...properties };
  const conditions = allOf.map((condition) => {
    const { properties: forbidden = {} } = condition.then as JsonSchema;
    const moved = Object.keys(forbidden).map((name) => {
      unconditional[name] = true;
      return [name, properties[name] ?? true] as const;
    });
    return { ...condition, else: { properties: Object.fromEntries(moved) } };
  });
  return { properties: unconditional, allOf: conditions };
}
