import { quoted } from "../../text/quoted.ts";
import { withErrorHints } from "../error-hints.ts";
import { checkedText } from "./plain-text.ts";

const secondsOf = { s: 1, m: 60, h: 3_600 } as const;

/** Limits of a duration, in seconds, with an example. */
export interface DurationLimits {
  readonly shortest: number;
  readonly longest: number;
  readonly example: string;
}

/** Schema of a duration, such as `30s`, `2m` or `48h`. Its output is in seconds. */
export function duration({ shortest, longest, example }: DurationLimits) {
  const expected = `a duration from ${durationText(shortest)} to ${durationText(longest)}, such as ${example}`;
  const text = checkedText((written) => {
    if (!/^\d{1,9}[smh]$/.test(written)) return [`${quoted(written)} is not ${expected}`];
    if (inSeconds(written) < shortest)
      return [`${quoted(written)} is too short; write ${expected}`];
    if (inSeconds(written) > longest) return [`${quoted(written)} is too long; write ${expected}`];
    return [];
  }).meta({ pattern: String.raw`^\d{1,9}[smh]$`, examples: [example] });
  return withErrorHints(text, { expected }).transform(inSeconds);
}

/** A number of seconds in the largest unit that keeps it whole: `2m`. */
export function durationText(seconds: number): string {
  const unit = (["h", "m", "s"] as const).find((each) => seconds % secondsOf[each] === 0) ?? "s";
  return `${seconds / secondsOf[unit]}${unit}`;
}

function inSeconds(text: string): number {
  return Number(text.slice(0, -1)) * secondsOf[text.slice(-1) as keyof typeof secondsOf];
}
