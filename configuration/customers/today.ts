import { UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { withErrorHints } from "../error-hints.ts";
import { checkedText } from "../fields/plain-text.ts";

const example = "write one such as 2027-06-30";

const dayText = checkedText((text) => {
  if (!isDay(text)) return [`${quoted(text)} is not a day; ${example}`];
  return text.startsWith("20") ? [] : [`${quoted(text)} is not in this century; ${example}`];
}).meta({
  pattern: String.raw`^20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`,
  examples: ["2027-06-30"],
});

/** Schema of a calendar day of this century, in UTC: `2027-06-30`. */
export const day = withErrorHints(dayText, { expected: "a day, such as 2027-06-30" });

/**
 * The day that a declaration is made for, in UTC: that of the variable TODAY, or else the current one. The same day makes the same plan.
 *
 * @throws UsageError if the variable is no day
 */
export function todayFrom({ TODAY }: NodeJS.ProcessEnv): string {
  if (!TODAY) return new Date().toISOString().slice(0, "2027-06-30".length);
  if (isDay(TODAY)) return TODAY;
  throw new UsageError(`TODAY: ${quoted(TODAY)} is not a day; ${example}`);
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(`${text}T`);
}
