import { z } from "zod";
import { type Path, valueAt } from "./yaml/path.ts";

/** The schema of the value at a path. If a schema has alternatives, the value chooses one of them. */
export function schemaAt(schema: z.ZodType, path: Path, value: unknown): z.ZodType | undefined {
  const inner = unwrapped(schema, value);
  const [step, ...rest] = path;
  if (step === undefined) return inner;
  const child = childAt(inner, step);
  return child instanceof z.ZodType ? schemaAt(child, rest, valueAt(value, [step])) : undefined;
}

function childAt(schema: z.ZodType, step: string | number): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(step)];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

function unwrapped(schema: z.ZodType, value: unknown): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return unwrapped(schema.unwrap() as z.ZodType, value);
  }
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in as z.ZodType, value);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator } = schema.def;
  const chosen = (schema.options as z.ZodObject[]).find((option) => {
    const expected = option.shape[discriminator] as z.ZodType;
    return expected.safeParse(valueAt(value, [discriminator])).success;
  });
  return chosen ?? schema;
}
