import { describe, expect, test } from "@jest/globals";
import { didYouMean, listed, nearest } from "../../text/did-you-mean.ts";

const known = ["orders:read", "orders:write", "id"];

describe("the nearest known word", () => {
  test.each([
    ["order:read", "orders:read"],
    ["ORDERS:READ", "orders:read"],
    ["orders:wrte", "orders:write"],
    ["ids", "id"],
    ["", undefined],
    ["admin", undefined],
    ["orders:delete", undefined],
    ["x".repeat(10_000), undefined],
  ])("the known word nearest to %j is %j", (word, near) => {
    expect(nearest(word, known)).toBe(near);
  });

  test("keeps the capital letters of the known word", () => {
    expect(nearest("realmid", ["realmId"])).toBe("realmId");
  });

  test("is undefined if no word is known", () => {
    expect(nearest("a", [])).toBeUndefined();
  });
});

test("suggests a known word only if it is near", () => {
  expect(didYouMean("order:read", known)).toBe('; did you mean "orders:read"?');
  expect(didYouMean("admin", known)).toBe("");
  expect(didYouMean("admin", [])).toBe("");
});

test("lists words in quotes, separated by commas", () => {
  expect(listed(["a", "b\n"])).toBe('"a", "b\\n"');
  expect(listed([])).toBe("");
});
