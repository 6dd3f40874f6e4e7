import { expect, test } from "@jest/globals";
import { joinedLists, unlessOnlyReordered } from "../../src/shape/joined-lists.ts";

test("lists are joined by ##, and split again", () => {
  const lists = { site: ["north", "south"], team: ["one"] };
  const joined = { site: "north##south", team: "one" };
  expect(joinedLists.decode(lists)).toEqual(joined);
  expect(joinedLists.encode(joined)).toEqual(lists);
});

test.each([
  ["b##a", "a##b", true],
  ["a##b", "a##b##c", false],
  ["", "a", false],
])("the change from %p to %p is only another order: %p", (before, after, expected) => {
  expect(unlessOnlyReordered(before, after, true)).toBe(expected);
});
