import { rmSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { loadEnvironment } from "../../../configuration/environment.ts";
import { UsageError } from "../../../text/errors.ts";
import { outcome, useEmptyFolder, write } from "../folder.ts";
import { file } from "./environment-file.ts";

const project = process.cwd();
useEmptyFolder();

describe("the choice of an environment", () => {
  describe("REALM_ENV", () => {
    const chosen = (REALM_ENV: string) => {
      write("environments/local.yaml", file());
      write("environments/production.yaml", file());
      write("elsewhere.yaml", file());
      return outcome(() => loadEnvironment({ REALM_ENV }).name);
    };

    test.each([
      ["", '"local"'],
      ["local", '"local"'],
      ["production", '"production"'],
      ["lcal", 'REALM_ENV: unknown environment "lcal"; did you mean "local"?'],
      ["Production", 'REALM_ENV: unknown environment "Production"; did you mean "production"?'],
      ["prod", 'REALM_ENV: unknown environment "prod"; environments/ has "local", "production"'],
      [
        "local.yaml",
        'REALM_ENV: unknown environment "local.yaml"; environments/ has "local", "production"',
      ],
      [
        "../elsewhere",
        'REALM_ENV: unknown environment "../elsewhere"; environments/ has "local", "production"',
      ],
      [
        "./local",
        'REALM_ENV: unknown environment "./local"; environments/ has "local", "production"',
      ],
      ["a\nb", 'REALM_ENV: unknown environment "a\\nb"; environments/ has "local", "production"'],
      [
        "constructor",
        'REALM_ENV: unknown environment "constructor"; environments/ has "local", "production"',
      ],
    ])("chooses an environment, or is refused with the names that exist: %j", (name, expected) => {
      expect(chosen(name)).toBe(expected);
    });

    test("is wrong usage if it names an unknown environment", () => {
      expect(() => loadEnvironment({ REALM_ENV: "nope" })).toThrow(
        expect.objectContaining({ constructor: UsageError, code: "usage", exitStatus: 2 }),
      );
    });
  });

  test("refuses a folder without environments, with a hint at where to run", () => {
    expect(process.cwd()).not.toBe(project);
    rmSync("environments", { recursive: true, force: true });
    expect(outcome(() => loadEnvironment({}))).toBe(
      "there is no folder environments/ here; run this in the project's folder",
    );
  });
});
