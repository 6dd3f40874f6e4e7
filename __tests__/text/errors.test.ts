import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { endWith, FailedError, UnavailableError, UsageError } from "../../text/errors.ts";

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

test.each([
  [new FailedError("what to do"), 1],
  [new UsageError("what to do"), 2],
  [new UnavailableError("what to do"), 3],
])("prints only the message of an explained error: %s", (error, exitStatus) => {
  expect(() => endWith(error)).toThrow(Exit);
  expect({ shown, status }).toEqual({ shown: ["what to do"], status: exitStatus });
});

test("any other error is shown in full, for it is a bug of ours", () => {
  const bug = new TypeError("x is not a function");
  expect(() => endWith(bug)).toThrow(Exit);
  expect({ shown, status }).toEqual({ shown: [bug], status: 1 });
});

test.each([
  [{ code: "EACCES", path: "/there" }, "/there: permission denied (EACCES)"],
  [{ code: "EXDEV", path: "/there" }, "EXDEV: cross-device link not permitted"],
])("what the system refuses is said in words: %j", (properties, words) => {
  const error = new Error("EXDEV: cross-device link not permitted");
  const refused = Object.assign(error, { syscall: "rename", ...properties });
  expect(() => endWith(refused)).toThrow(Exit);
  expect({ shown, status }).toEqual({ shown: [words], status: 3 });
});
