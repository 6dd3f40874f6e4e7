import { z } from "zod";

/** Texts for errors about a schema's values, for schemas whose type does not describe them well. */
export interface ErrorHints {
  /**
   * The noun for an object's keys.
   * @default "field"
   */
  readonly keyNoun?: string;
  /** The expected value: `a list, such as [orders:read]`. */
  readonly expected?: string;
  /** An example for a missing value, as YAML. */
  readonly example?: string;
  /** The fix for an empty value. */
  readonly fixIfEmpty?: string;
}

const registry = z.registry<ErrorHints>();

/** Adds hints to a schema. Errors about its values use them. */
export function withErrorHints<T extends z.ZodType>(schema: T, hints: ErrorHints): T {
  registry.add(schema, hints);
  return schema;
}

/** The hints of a schema. Without an explicit example, it is the first one of the schema's metadata. */
export function errorHintsOf(schema: z.ZodType | undefined): ErrorHints {
  const examples = schema?.meta()?.examples;
  const first: unknown = Array.isArray(examples) ? examples[0] : undefined;
  return {
    ...(typeof first === "string" && { example: first }),
    ...(schema && registry.get(schema)),
  };
}
