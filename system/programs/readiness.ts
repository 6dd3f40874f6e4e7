import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until a server that starts is ready.
 *
 * @param isReady checks whether it is ready; called repeatedly
 * @param ended settles with the reason if the server ends first
 * @param seconds the longest time to wait
 * @returns the reason why it will never be ready; undefined if it is ready
 */
export async function whyNotReady(
  isReady: () => Promise<boolean>,
  ended: Promise<string>,
  seconds: number,
): Promise<string | undefined> {
  const end = Date.now() + seconds * 1_000;
  while (Date.now() < end) {
    const ready = await isReady();
    // another server may answer on its port, so an answer counts only while it runs
    const failure = await Promise.race([ended, sleep(ready ? 0 : 500, undefined)]);
    if (ready || failure !== undefined) return failure;
  }
  return `it does not answer after ${seconds} s`;
}

/** The last 8 lines of a log, indented, without stack traces. */
export function lastLines(log: string): string {
  const lines = log
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+(at |\.\.\.)/.test(line));
  return lines
    .slice(-8)
    .map((line) => `  ${line}`)
    .join("\n");
}

/** Whether a server answers a request with a status below 400 within 5 s. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}
