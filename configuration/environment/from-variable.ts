import type { z } from "zod";
import { UsageError } from "../../text/errors.ts";

/**
 * The value of an environment variable; undefined if it is not set, or empty.
 *
 * @throws UsageError if it is not valid
 */
export function fromVariable<T>(
  name: string,
  schema: z.ZodType<T>,
  variables: NodeJS.ProcessEnv,
): T | undefined {
  const value = variables[name];
  if (!value) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(`${name}: ${result.error.issues[0]?.message ?? "is not valid"}`);
}
