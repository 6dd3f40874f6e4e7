import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { endWith, ExplainedError } from "../../text/errors.ts";

class Exit extends Error {}

let shown: unknown[];
let status: unknown;

beforeEach(() => {
  shown = [];
  jest.spyOn(console, "error").mockImplementation((...values) => shown.push(...values));
  jest.spyOn(process, "exit").mockImplementation((code) => {
    status = code;
    throw new Exit();
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

test.each([1, 2, 3] as const)(
  "an explained error is its message, and ends with %d",
  (exitStatus) => {
    expect(() => endWith(new ExplainedError(exitStatus, "what to do"))).toThrow(Exit);
    expect({ shown, status }).toEqual({ shown: ["what to do"], status: exitStatus });
  },
);

test("any other error is shown in full, for it is a bug of ours", () => {
  const bug = new TypeError("x is not a function");
  expect(() => endWith(bug)).toThrow(Exit);
  expect({ shown, status }).toEqual({ shown: [bug], status: 1 });
});

test.each([
  [{ code: "EACCES", path: "/there" }, "/there: the permission is missing (EACCES)"],
  [{ code: "EXDEV", path: "/there" }, "EXDEV: cross-device link not permitted"],
])("what the system refuses is said in words: %j", (properties, words) => {
  const error = new Error("EXDEV: cross-device link not permitted");
  const refused = Object.assign(error, { syscall: "rename", ...properties });
  expect(() => endWith(refused)).toThrow(Exit);
  expect({ shown, status }).toEqual({ shown: [words], status: 3 });
});
