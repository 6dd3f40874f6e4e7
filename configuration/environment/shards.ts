import { z } from "zod";
import type { CustomerShards } from "../../constructs/shards/shards.ts";
import { fromVariable } from "./from-variable.ts";
import { wholeNumber } from "../fields/whole-number.ts";

const expected = "a whole number of shards, from 1 to 1000";
const number = wholeNumber(expected, { min: 1, max: 1_000 });

/** Field of an environment: the number of stacks that customers are distributed to. */
export const shardsField = number.default(1);

const fromText = z
  .string()
  .regex(/^\d+$/, { error: `must be ${expected}` })
  .transform(Number)
  .pipe(number);

const list = z
  .string()
  .regex(/^(none|\d+(,\d+)*)$/, { error: "must be numbers of shards, such as 3,7, or none" })
  .transform((text) => (text === "none" ? [] : text.split(",").map(Number)));

/**
 * The shards of an environment. SHARDS overrides the number in its file. SHARDS_ONLY names the shards to synthesize, which commands set for the
 * synthesis: `3,7`, or `none`.
 *
 * @throws UsageError if a variable is not valid
 */
export function shardsFrom(variables: NodeJS.ProcessEnv, count: number): CustomerShards {
  const only = fromVariable("SHARDS_ONLY", list, variables);
  return { count: fromVariable("SHARDS", fromText, variables) ?? count, ...(only && { only }) };
}
