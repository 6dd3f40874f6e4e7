import { expect, test } from "@jest/globals";
import { hasUnknown, isSame, unknownValue, withoutUnknowns } from "../../src/protocol/value.ts";

test("finds an unknown at any depth of a value", () => {
  expect(hasUnknown({ a: [{ b: unknownValue }] })).toBe(true);
  expect(hasUnknown({ a: [{ b: null }] })).toBe(false);
});

test("replaces every unknown of a value by null", () => {
  expect(withoutUnknowns({ id: unknownValue, list: ["a", unknownValue] })).toEqual({
    id: null,
    list: ["a", null],
  });
});

test("compares sets without order", () => {
  expect(isSame(["a", "b"], ["b", "a"])).toBe(true);
  expect(isSame(["a", "a"], ["a", "b"])).toBe(false);
});

test("compares records without order", () => {
  expect(isSame({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
});

test("distinguishes an unknown from every text", () => {
  expect(isSame(unknownValue, "?")).toBe(false);
});
