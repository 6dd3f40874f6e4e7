import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { UnavailableError } from "../text/errors.ts";

/** The lock of a process that was killed is free after this time, in milliseconds. */
const stale = 10_000;

/** Options of {@link withLock}. */
export interface LockOptions {
  /** Message to print on standard error if another process has the lock. */
  readonly waiting: string;
  /** Message of the error if it still has it at the end of the wait. */
  readonly busy: string;
  /**
   * Longest time to wait, in seconds.
   * @default 12, a little longer than a killed process keeps its lock
   */
  readonly seconds?: number;
  /** Ends the wait. */
  readonly interrupted?: AbortSignal | undefined;
}

/**
 * Does some work while no other process of this machine does work under the same lock.
 *
 * @param path the lock; its folder is created if necessary
 * @throws UnavailableError if another process holds the lock for the whole wait
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(path, options);
  try {
    return await work();
  } finally {
    // fails if another process has taken the lock, because this machine was asleep
    await release().catch(() => undefined);
  }
}

async function acquire(
  path: string,
  { waiting, busy, seconds = 12, interrupted }: LockOptions,
): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const end = Date.now() + seconds * 1_000;
  for (let attempt = 1; ; attempt += 1) {
    const release = await tryToAcquire(path);
    if (release) return release;
    if (Date.now() > end) throw new UnavailableError(busy);
    if (attempt === 1) console.error(waiting);
    await sleep(250, undefined, { signal: interrupted });
  }
}

/** @returns the function that releases the lock; undefined if another process has it */
async function tryToAcquire(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    // to give up halfway would do more harm than to go on without the lock
    const onCompromised = () => undefined;
    return await lockfile.lock(path, { lockfilePath: path, realpath: false, stale, onCompromised });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOCKED") return undefined;
    throw error;
  }
}
