import { setTimeout as sleep } from "node:timers/promises";

/** How long to wait, in seconds: less than Jest lets a test run, so that the error says what was waited for. */
const longest = 150;

/** Waits until something holds. @throws Error if it does not within 150 s */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + longest * 1_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${longest} s: ${what}`);
    await sleep(200);
  }
}
