import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope } from "vue";
import { useCountdown } from "../src/composables/use-countdown.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("counts down to 0, and leaves no timer behind", () => {
  const { left, start } = effectScope().run(useCountdown) ?? expect.fail();
  start(60);
  start(2);
  expect(left.value).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(left.value).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(left.value).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("stops with its component", () => {
  const scope = effectScope();
  scope.run(useCountdown)?.start(60);
  scope.stop();
  expect(vi.getTimerCount()).toBe(0);
});
