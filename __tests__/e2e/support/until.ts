import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds. @throws Error if it does not within a minute */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within a minute: ${what}`);
    await sleep(200);
  }
}
