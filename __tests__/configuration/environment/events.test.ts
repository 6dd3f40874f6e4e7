import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { file, load, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  test("loads the time that events are kept, with a default", () => {
    expect(load(file({ events: "{retentionDays: 30}" })).events).toEqual({ retentionDays: 30 });
    expect(load(file({ events: "{}" })).events).toEqual({ retentionDays: 7 });
    expect(load(file()).events).toEqual({ retentionDays: 7 });
  });

  describe("problems of the events", () => {
    const expected = "a whole number of days, from 1 to 3650";
    test.each([
      [file({ events: "7" }), "4:9  events: must be a mapping (retentionDays), not 7"],
      [
        file({ events: "{retention: 7}" }),
        '4:10  events.retention: unknown field "retention"; known: "retentionDays"',
      ],
      [
        file({ events: "{retentionDays: 7d}" }),
        `4:25  events.retentionDays: must be ${expected}, not "7d"`,
      ],
      [
        file({ events: "{retentionDays: 0}" }),
        `4:25  events.retentionDays: must be ${expected}, not 0`,
      ],
      [
        file({ events: "{retentionDays: 3651}" }),
        `4:25  events.retentionDays: must be ${expected}, not 3651`,
      ],
    ])("refuses the environment file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });
  });
});
