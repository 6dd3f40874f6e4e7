import { z } from "zod";
import { UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** Schema of a calendar day, in UTC: `2027-06-30`. */
export const day = z
  .string()
  .refine(isDay, {
    error: ({ input }) => `${quoted(input)} is not a day; write one such as 2027-06-30`,
  })
  .meta({ pattern: String.raw`^\d{4}-\d{2}-\d{2}$`, examples: ["2027-06-30"] });

/**
 * The day that a declaration is made for, in UTC: that of the variable TODAY, or else the current one. The same day makes the same plan.
 *
 * @throws UsageError if the variable is no day
 */
export function todayFrom({ TODAY }: NodeJS.ProcessEnv): string {
  if (!TODAY) return new Date().toISOString().slice(0, "2027-06-30".length);
  if (isDay(TODAY)) return TODAY;
  throw new UsageError(`TODAY: ${quoted(TODAY)} is not a day; write one such as 2027-06-30`);
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(`${text}T`);
}
