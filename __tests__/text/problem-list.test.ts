import { expect, test } from "@jest/globals";
import { problemList } from "../../text/problem-list.ts";

test("one problem is one", () => {
  expect(problemList("a.yaml", [{ place: "a.yaml:1:1", message: "is empty" }])).toBe(
    "a.yaml is not valid: 1 problem\n  a.yaml:1:1  is empty",
  );
});

test("so many problems that a call could not take them as arguments are listed all the same", () => {
  const many = Array.from({ length: 200_000 }, () => ({ place: "p", message: "m" }));
  expect(problemList("a.yaml", many).split("\n")).toHaveLength(200_001);
});
