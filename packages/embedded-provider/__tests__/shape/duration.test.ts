import { expect, test } from "@jest/globals";
import { formatDuration, isSameDuration, parseDuration } from "../../src/shape/duration.ts";

test.each([
  ["0s", 0],
  ["45s", 45],
  ["5m", 300],
  ["1h0m0s", 3_600],
  ["1.5h", 5_400],
  ["-1m", -60],
  ["720h", 2_592_000],
])("parses the duration %s as %d seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "5", "5 minutes", "1d", "h"])("refuses %j as a duration", (text) => {
  expect(() => parseDuration(text)).toThrow(/invalid duration/u);
});

test.each([
  [0, "0s"],
  [45, "45s"],
  [300, "5m0s"],
  [3_600, "1h0m0s"],
  [2_592_000, "720h0m0s"],
])("formats %d seconds as %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("treats two spellings of a duration as the same", () => {
  expect(isSameDuration("300s", "5m0s")).toBe(true);
  expect(isSameDuration("300s", "301s")).toBe(false);
});

test("does not treat an empty text as a duration of 0", () => {
  expect(isSameDuration("", "0s")).toBe(false);
});
