import { noResponse } from "embedded-provider/no-response";

/** Messages of terraform, its providers and state backends about a server that is unavailable or overloaded for a moment. */
const transient = new RegExp(
  [
    String.raw`\b(401|408|429|502|503|504)\b`,
    String.raw`connection (refused|reset)|tim(ed |e)out|deadline exceeded|\bEOF\b`,
    `socket hang up|fetch failed|refreshing credentials|${noResponse}`,
  ].join("|"),
  "i",
);

/** Whether terraform's output reports a transient failure: a later attempt may succeed without any change. */
export function isTransientOutput(output: string): boolean {
  return transient.test(output);
}

/** Whether terraform's output reports that it cannot lock or read its state. */
export function isStateUnavailable(output: string): boolean {
  return /Error (acquiring the state lock|loading state)/.test(output);
}

/** Hint at how to unlock a locked state, with the lock's ID; an empty text if the output reports no lock. */
export function lockHint(output: string): string {
  const [, id] = /Lock Info:\s+ID:\s+(\S+)/.exec(output) ?? [];
  if (id === undefined) return "";
  return `\nif the run that holds the lock is still active, wait for it; if you are sure that it was killed, run\n  npm run unlock -- ${id}`;
}
