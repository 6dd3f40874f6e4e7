import { describe, expect, test } from "@jest/globals";
import { outcome, useEmptyFolder } from "../folder.ts";
import { file, load, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

const expected = "a whole number of shards, from 1 to 1000";

describe("the shards of an environment", () => {
  test("are one by default, and as many as the file has", () => {
    expect(load(file()).shards).toEqual({ count: 1 });
    expect(load(file({ shards: "20" })).shards).toEqual({ count: 20 });
    expect(load(file({ shards: "1000" })).shards).toEqual({ count: 1_000 });
  });

  test.each([
    ["0", `must be ${expected}, not 0`],
    ["-1", `must be ${expected}, not -1`],
    ["1.5", `must be ${expected}, not 1.5`],
    ["1001", `must be ${expected}, not 1001`],
    ['"4"', `must be ${expected}, not "4"`],
    ["", `is empty; write ${expected}`],
    ["[4]", `must be ${expected}, not a list`],
    ["1e30", `is out of range; write ${expected}`],
  ])("are refused if they are %j", (shards, problem) => {
    expect(messageFor(file({ shards }))).toBe(message(`4:9  shards: ${problem}`));
  });

  test("are as many as SHARDS says, if it is set and not empty", () => {
    expect(load(file({ shards: "3" }), { SHARDS: "7" }).shards).toEqual({ count: 7 });
    expect(load(file({ shards: "3" }), { SHARDS: "" }).shards).toEqual({ count: 3 });
  });

  test.each(["0", "-1", "1.5", "1001", "four", " 4", "1e2", "99999999999999999999"])(
    "are refused as wrong usage if SHARDS is %j",
    (SHARDS) => {
      expect(outcome(() => load(file(), { SHARDS }))).toMatch(/^SHARDS: .*from 1 to 1000/);
      expect(() => load(file(), { SHARDS })).toThrow(expect.objectContaining({ exitStatus: 2 }));
    },
  );

  test.each([
    ["3,7", [3, 7]],
    ["12", [12]],
    ["none", []],
  ])("are synthesized only as SHARDS_ONLY says: %s", (SHARDS_ONLY, only) => {
    expect(load(file({ shards: "20" }), { SHARDS_ONLY }).shards).toEqual({ count: 20, only });
  });

  test.each(["3,", "all", "3, 7", "-1", "1.5"])("refuse SHARDS_ONLY %j", (SHARDS_ONLY) => {
    expect(outcome(() => load(file(), { SHARDS_ONLY }))).toBe(
      "SHARDS_ONLY: must be numbers of shards, such as 3,7, or none",
    );
  });
});
