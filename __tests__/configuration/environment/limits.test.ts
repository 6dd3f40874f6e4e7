import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { file, load, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  test("loads limits, with a default for each", () => {
    expect(load(file({ limits: "{customers: 0, percent: 100}" })).limits).toEqual({
      customers: 0,
      percent: 100,
    });
    expect(load(file({ limits: "{percent: 0}" })).limits).toEqual({ customers: 5, percent: 0 });
    expect(load(file({ limits: "{}" })).limits).toEqual({ customers: 5, percent: 30 });
  });

  describe("problems of the limits", () => {
    test.each([
      [file({ limits: "" }), "4:9  limits: is empty; write a mapping (customers, percent)"],
      [file({ limits: "[5]" }), "4:9  limits: must be a mapping (customers, percent), not a list"],
      [
        file({ limits: "{customer: 5}" }),
        '4:10  limits.customer: unknown field "customer"; did you mean "customers"?',
      ],
      [
        file({ limits: "{customers: }" }),
        "4:21  limits.customers: is empty; write a whole number, 0 or more",
      ],
      [
        file({ limits: "{customers: many}" }),
        '4:21  limits.customers: must be a whole number, 0 or more, not "many"',
      ],
      [
        file({ limits: "{customers: -1}" }),
        "4:21  limits.customers: must be a whole number, 0 or more, not -1",
      ],
      [
        file({ limits: "{customers: 1e30}" }),
        "4:21  limits.customers: is out of range; write a whole number, 0 or more",
      ],
      [
        file({ limits: "{percent: 1.5}" }),
        "4:19  limits.percent: must be a whole number from 0 to 100, not 1.5",
      ],
      [
        file({ limits: "{percent: 1e30}" }),
        "4:19  limits.percent: is out of range; write a whole number from 0 to 100",
      ],
      [
        file({ limits: "{percent: 101}" }),
        "4:19  limits.percent: must be a whole number from 0 to 100, not 101",
      ],
    ])("refuses the environment file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });
  });
});
