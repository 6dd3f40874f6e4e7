import { expect, test } from "@jest/globals";

import { formatDuration, parseDuration, sameDuration } from "../../../local/provider/duration.ts";

test.each([
  ["0s", 0],
  ["45s", 45],
  ["5m", 300],
  ["1h0m0s", 3600],
  ["1.5h", 5400],
  ["-1m", -60],
  ["720h", 2_592_000],
])("%s is %d seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "5", "5 minutes", "1d", "h"])("%j is no duration", (text) => {
  expect(() => parseDuration(text)).toThrow(/invalid duration/u);
});

test.each([
  [0, "0s"],
  [45, "45s"],
  [300, "5m0s"],
  [3600, "1h0m0s"],
  [2_592_000, "720h0m0s"],
])("%d seconds are written %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("the same duration in two spellings is no difference, and nothing is no duration", () => {
  expect(sameDuration("300s", "5m0s")).toBe(true);
  expect(sameDuration("300s", "301s")).toBe(false);
  expect(sameDuration("", "0s")).toBe(false);
});
