import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import {
  allErrors,
  endWith,
  endWithMessage,
  ExplainedError,
  FailedError,
  InvalidDeclarationError,
  isTransient,
  RefusedError,
  UnavailableError,
  UsageError,
} from "../../text/errors.ts";

class Exit extends Error {}

let printed: unknown[];
let status: unknown;

beforeEach(() => {
  printed = [];
  status = undefined;
  jest.spyOn(console, "error").mockImplementation((...values) => printed.push(...values));
  jest.spyOn(process, "exit").mockImplementation((code) => {
    status = code;
    throw new Exit();
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const fix = "the disk is full: free some space";

const classes = [
  ["UsageError", new UsageError(fix), "usage", 2, false],
  ["InvalidDeclarationError", new InvalidDeclarationError(fix), "invalid-declaration", 1, false],
  ["RefusedError", new RefusedError(fix), "refused", 1, false],
  ["FailedError", new FailedError(fix), "failed", 1, false],
  ["UnavailableError", new UnavailableError(fix), "unavailable", 3, false],
  [
    "transient UnavailableError",
    new UnavailableError(fix, { isTransient: true }),
    "unavailable",
    3,
    true,
  ],
] as const;

describe("an explained error", () => {
  test.each(classes)("has its code, exit status and transience: %s", (...expected) => {
    const [, error, code, exitStatus, transient] = expected;
    expect(error).toBeInstanceOf(ExplainedError);
    expect(error.code).toBe(code);
    expect(error.exitStatus).toBe(exitStatus);
    expect(error.message).toBe(fix);
    expect(isTransient(error)).toBe(transient);
  });

  test.each(classes)("ends a process with only its message: %s", (...expected) => {
    const [, error, , exitStatus] = expected;
    expect(() => endWith(error)).toThrow(Exit);
    expect({ printed, status }).toEqual({ printed: [fix], status: exitStatus });
  });

  test("ends a declaration with its own exit status", () => {
    expect(() => endWithMessage(new UsageError(fix))).toThrow(Exit);
    expect({ printed, status }).toEqual({ printed: [fix], status: 2 });
  });
});

describe("two errors, of some work and of the cleanup after it,", () => {
  const fail = async () => {
    await using server = {
      work: () => Promise.reject(new FailedError("it has failed")),
      [Symbol.asyncDispose]: () => Promise.reject(new UnavailableError("it cannot be stopped")),
    };
    await server.work();
  };

  test("end a process with both messages and the exit status of the first", async () => {
    const error: unknown = await fail().catch((reason: unknown) => reason);
    expect(() => endWith(...allErrors(error))).toThrow(Exit);
    expect({ printed, status }).toEqual({
      printed: ["it has failed", "it cannot be stopped"],
      status: 1,
    });
  });
});

describe("an unexpected error", () => {
  test("ends a process with its stack trace, because it is a bug", () => {
    const bug = new TypeError("x is not a function");
    expect(() => endWith(bug)).toThrow(Exit);
    expect({ printed, status }).toEqual({ printed: [bug], status: 1 });
  });

  test("ends a declaration with only its message", () => {
    expect(() => endWithMessage(new Error("the id is already used"))).toThrow(Exit);
    expect({ printed, status }).toEqual({ printed: ["the id is already used"], status: 1 });
  });

  test.each([[new Error("x")], [{ isTransient: true }], ["x"], [undefined]])(
    "is not transient: %p",
    (error) => {
      expect(isTransient(error)).toBe(false);
    },
  );
});

describe("an error of the operating system", () => {
  test.each([
    ["ENOSPC", "/there: the disk is full: free some space (ENOSPC)"],
    ["EDQUOT", "/there: the disk quota is used up: free some space (EDQUOT)"],
    ["EROFS", "/there: the file system is read-only (EROFS)"],
    ["EACCES", "/there: permission denied (EACCES)"],
    ["EXDEV", "EXDEV: cross-device link not permitted"],
  ])("ends a process with an explanation or its own message: %s", (code, message) => {
    const error = new Error("EXDEV: cross-device link not permitted");
    Object.assign(error, { syscall: "rename", code, path: "/there" });
    expect(() => endWith(error)).toThrow(Exit);
    expect({ printed, status }).toEqual({ printed: [message], status: 3 });
  });

  test("ends a process with an explanation without a path if it has none", () => {
    const error = Object.assign(new Error("write ENOSPC"), { syscall: "write", code: "ENOSPC" });
    expect(() => endWith(error)).toThrow(Exit);
    expect({ printed, status }).toEqual({
      printed: ["the disk is full: free some space (ENOSPC)"],
      status: 3,
    });
  });
});
