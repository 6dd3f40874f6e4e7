import { ExplainedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import type { Allowed } from "./guard.ts";
import { largest } from "./trailers.ts";

/** The options that say the same as the trailers, for `parseArgs`. */
export const allowOptions = {
  "allow-removal": { type: "string", multiple: true },
  "allow-replacement": { type: "string", multiple: true },
  "allow-many": { type: "string" },
} as const;

/** The options' values, as `parseArgs` gives them. */
export interface AllowValues {
  readonly "allow-removal"?: readonly string[] | undefined;
  readonly "allow-replacement"?: readonly string[] | undefined;
  readonly "allow-many"?: string | undefined;
}

/**
 * What the options ask for.
 *
 * @throws ExplainedError (2) if the number is none
 */
export function allowedByOptions(values: AllowValues): Allowed {
  const many = values["allow-many"];
  if (many !== undefined && !/^\d{1,9}$/.test(many))
    throw new ExplainedError(
      2,
      `--allow-many: ${quoted(many)} is no number; write how many customers are meant, such as 12`,
    );
  return {
    removals: values["allow-removal"] ?? [],
    replacements: values["allow-replacement"] ?? [],
    many: largest(many === undefined ? [] : [many]),
  };
}
