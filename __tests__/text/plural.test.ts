import { expect, test } from "@jest/globals";
import { plural } from "../../text/plural.ts";

test.each([
  [0, "0 customers"],
  [1, "1 customer"],
  [2, "2 customers"],
  [1_000, "1,000 customers"],
  [12_345_678, "12,345,678 customers"],
])("writes the number %d with its noun: %s", (count, text) => {
  expect(plural(count, "customer")).toBe(text);
});
