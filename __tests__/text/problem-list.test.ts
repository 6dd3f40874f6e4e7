import { expect, test } from "@jest/globals";
import { problemList } from "../../text/problem-list.ts";

test("lists one problem below a heading in the singular", () => {
  expect(problemList("a.yaml", [{ place: "a.yaml:1:1", message: "is empty" }])).toBe(
    "a.yaml is not valid: 1 problem\n  a.yaml:1:1  is empty",
  );
});

test("lists more problems than a function call accepts as arguments", () => {
  const many = Array.from({ length: 200_000 }, () => ({ place: "p", message: "m" }));
  expect(problemList("a.yaml", many).split("\n")).toHaveLength(200_001);
});
