import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { within } from "../src/session/within.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("limits a wait, and leaves no timer behind", async () => {
  const outcomes = Promise.allSettled([
    within(10, Promise.resolve("in time")),
    within(10, Promise.reject(new Error("refused"))),
    within(10, new Promise(() => undefined)),
  ]);
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(await outcomes).toMatchObject([
    { value: "in time" },
    { reason: { message: "refused" } },
    { reason: { message: "no answer in 10 s" } },
  ]);
});
