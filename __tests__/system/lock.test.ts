import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type LockOptions, withLock } from "../../system/lock.ts";
import { UnavailableError } from "../../text/errors.ts";

const texts = { waiting: "waiting for the other …", busy: "the other is still at work" };

let root: string;
let lock: string;
let printed: unknown[];
let waits: Signal;

/** Something that happens once. */
class Signal {
  happen: () => void = () => undefined;
  readonly happened = new Promise<void>((resolve) => {
    this.happen = resolve;
  });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lock-"));
  lock = join(root, "state/lock");
  printed = [];
  waits = new Signal();
  jest.spyOn(console, "error").mockImplementation((text: unknown) => {
    printed.push(text);
    waits.happen();
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

/** Takes the lock, and keeps it while a check runs. */
async function whileTaken(check: () => Promise<void>): Promise<void> {
  await withLock(lock, texts, check);
}

/** Tries to take the lock. @returns whether the work was done, and the error */
async function attempt(options: Partial<LockOptions> = {}) {
  let isDone = false;
  const work = () => {
    isDone = true;
    return Promise.resolve();
  };
  const error: unknown = await withLock(lock, { ...texts, ...options }, work).catch(
    (reason: unknown) => reason,
  );
  return { isDone, error };
}

describe("work under a lock", () => {
  test("returns its result, and creates the folder of the lock", async () => {
    expect(existsSync(join(root, "state"))).toBe(false);
    expect(await withLock(lock, texts, () => Promise.resolve(42))).toBe(42);
    expect(existsSync(join(root, "state"))).toBe(true);
    expect(printed).toEqual([]);
  });

  test("starts only after other work under the same lock has ended", async () => {
    const events: string[] = [];
    const firstRuns = new Signal();
    const secondRuns = new Signal();
    const first = withLock(lock, texts, async () => {
      events.push("first starts");
      firstRuns.happen();
      await Promise.race([waits.happened, secondRuns.happened]);
      events.push("first ends");
    });
    await firstRuns.happened;
    const second = withLock(lock, texts, () => {
      events.push("second starts");
      secondRuns.happen();
      return Promise.resolve();
    });
    await Promise.all([first, second]);
    expect(events).toEqual(["first starts", "first ends", "second starts"]);
  });

  test("runs at the same time as work under another lock", async () => {
    await whileTaken(async () => {
      await withLock(join(root, "another"), texts, () => Promise.resolve());
    });
    expect(printed).toEqual([]);
  });

  test("leaves the lock free if it fails", async () => {
    const failure = new Error("no luck");
    await expect(withLock(lock, texts, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await attempt()).toEqual({ isDone: true, error: undefined });
    expect(printed).toEqual([]);
  });
});

describe("a lock that is taken", () => {
  test("is reported as busy at the end of the wait, after one message about the wait", async () => {
    await whileTaken(async () => {
      const { isDone, error } = await attempt({ seconds: 0.5 });
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toHaveProperty("message", texts.busy);
      expect(isDone).toBe(false);
      expect(printed).toEqual([texts.waiting]);
    });
  });

  test("stays taken after another wait for it has ended in vain", async () => {
    await whileTaken(async () => {
      await attempt({ seconds: 0 });
      expect((await attempt({ seconds: 0 })).error).toBeInstanceOf(UnavailableError);
    });
  });

  test("is no longer waited for after an interruption", async () => {
    const interruption = new AbortController();
    await whileTaken(async () => {
      const waiting = attempt({ interrupted: interruption.signal });
      await waits.happened;
      interruption.abort();
      const { isDone, error } = await waiting;
      expect(error).toHaveProperty("name", "AbortError");
      expect(isDone).toBe(false);
    });
  });
});

describe("a lock that a killed process has left", () => {
  const leaveLock = (secondsAgo: number) => {
    mkdirSync(lock, { recursive: true });
    const time = Date.now() / 1_000 - secondsAgo;
    utimesSync(lock, time, time);
  };

  test("is free if it is older than 10 s", async () => {
    leaveLock(11);
    expect(await attempt({ seconds: 0 })).toEqual({ isDone: true, error: undefined });
  });

  test("is still taken before that, because the process may be alive", async () => {
    leaveLock(5);
    const { isDone, error } = await attempt({ seconds: 0 });
    expect(error).toHaveProperty("message", texts.busy);
    expect(isDone).toBe(false);
  });
});
