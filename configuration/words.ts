import { z } from "zod";

/** How errors speak of a value, where its schema alone does not say it well. */
export interface Words {
  /** What an object's keys are called, where it is not "field". */
  readonly noun?: string;
  /** What the value has to be: `a list, such as [orders:read]`. */
  readonly wanted?: string;
  /** What to write where the value is missing, as YAML. */
  readonly example?: string;
  /** What to do where the value is empty. */
  readonly whenEmpty?: string;
}

const registry = z.registry<Words>();

/** Has errors speak of a schema's values in these words. */
export function inWords<T extends z.ZodType>(schema: T, words: Words): T {
  registry.add(schema, words);
  return schema;
}

/** The words for a schema's values. */
export function wordsFor(schema: z.ZodType | undefined): Words {
  const example = schema?.meta()?.examples;
  const first: unknown = Array.isArray(example) ? example[0] : undefined;
  return {
    ...(typeof first === "string" && { example: first }),
    ...(schema && registry.get(schema)),
  };
}
