import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import { useRetry } from "../src/composables/use-retry.ts";

const page = { hidden: false };

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
  page.hidden = false;
  vi.stubGlobal("document", page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** An action that is retried, and the seconds after which it ran. */
function retried(action: () => Promise<void>, atLeast?: () => number | undefined) {
  const scope = effectScope();
  const needed = ref(true);
  const begun = Date.now();
  const runs: number[] = [];
  const run = () => {
    runs.push((Date.now() - begun) / 1_000);
    return action();
  };
  const retry = scope.run(() => useRetry(() => needed.value, run, atLeast)) ?? expect.fail();
  return { scope, needed, runs, retry };
}

const wait = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);
const fail = () => Promise.resolve();

test("retries after pauses that grow up to a limit, until the action is not needed", async () => {
  const { needed, runs } = retried(fail);
  await wait(106);
  expect(runs).toEqual([3, 9, 21, 45, 75, 105]);
  needed.value = false;
  await nextTick();
  await wait(100);
  expect(runs).toHaveLength(6);
});

test.each([
  ["no shorter than the service asks for", 20, [20, 40]],
  ["no shorter than its own pause", 1, [3, 9, 21]],
  ["as long as a timer can be", 10 ** 9, []],
])("a pause is %s", async (_, atLeast, expected) => {
  const { runs } = retried(fail, () => atLeast);
  await wait(40);
  expect(runs).toEqual(expected);
});

test("does not retry in a hidden page, until it is visible", async () => {
  page.hidden = true;
  const { runs } = retried(fail);
  await wait(20);
  page.hidden = false;
  await wait(30);
  expect(runs[0]).toBeGreaterThan(20);
});

test("does not retry after the component is gone, even if the action is still running then", async () => {
  let end = (): void => undefined;
  const action = () =>
    new Promise<void>((resolve) => {
      end = resolve;
    });
  const { scope, runs, retry } = retried(action);
  const running = retry.now();
  scope.stop();
  end();
  await running;
  await wait(100);
  expect(runs).toEqual([0]);
});
