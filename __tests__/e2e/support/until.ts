import { setTimeout as sleep } from "node:timers/promises";

/** The longest wait in seconds. It is shorter than the time limit of a test, so that the error names the condition. */
const longest = 150;

/** Waits until a condition is true. @throws Error if it is not within 150 s */
export async function until(
  condition: string,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + longest * 1_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`not within ${longest} s: ${condition}`);
    await sleep(200);
  }
}
