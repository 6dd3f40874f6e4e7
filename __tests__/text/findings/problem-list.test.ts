import { expect, test } from "@jest/globals";
import { problemList, warningList } from "../../../text/findings/problem-list.ts";

test("lists one problem below a heading in the singular", () => {
  expect(problemList("a.yaml", [{ place: "a.yaml:1:1", message: "is empty" }])).toBe(
    "a.yaml is not valid: 1 problem\n  a.yaml:1:1  is empty",
  );
});

test("lists more problems than a function call accepts as arguments", () => {
  const many = Array.from({ length: 200_000 }, () => ({ place: "p", message: "m" }));
  expect(problemList("a.yaml", many).split("\n")).toHaveLength(200_001);
});

test("lists warnings below a heading in the plural", () => {
  const warnings = ["1:1", "1:10"].map((place) => ({ place, message: "may be wrong" }));
  expect(warningList("a.yaml", warnings)).toBe(
    "a.yaml has 2 warnings\n  1:1   may be wrong\n  1:10  may be wrong",
  );
});
