import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { file, load, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  test("loads the settings of authentication, none by default", () => {
    const fields = { secretPrefix: "atlas_live_", allowedJwksHosts: "[keys.example.com]" };
    expect(load(file()).authentication).toEqual({});
    expect(load(file({ ...fields, rotationOverlap: "48h" })).authentication).toEqual({
      secretPrefix: "atlas_live_",
      allowedJwksHosts: ["keys.example.com"],
      rotationOverlap: 172_800,
    });
  });

  describe("problems of authentication", () => {
    const list = "a list of host names, such as [keys.example.com]";
    const notPublic =
      "is not the name of a public host; write one in lower case, such as keys.example.com";
    const notPrefix = "is not a prefix; use up to 32 letters, digits and _, such as atlas_live_";
    const overlap = "a duration from 1m to 720h, such as 48h";
    test.each([
      ["secretPrefix", '""', `4:15  secretPrefix: "" ${notPrefix}`],
      ["secretPrefix", "atlas-live-", `4:15  secretPrefix: "atlas-live-" ${notPrefix}`],
      ["secretPrefix", "'${x}'", `4:15  secretPrefix: "\${x}" ${notPrefix}`],
      ["secretPrefix", "5", "4:15  secretPrefix: must be text, not 5; put it in quotes"],
      ["allowedJwksHosts", "a.example", `4:19  allowedJwksHosts: must be ${list}, not "a.example"`],
      ["allowedJwksHosts", "", `4:19  allowedJwksHosts: is empty; write ${list}`],
      ...[
        ...["*.example.com", "https://a.example", "a.example:443", "A.example", "a.example."],
        ...["localhost", "x.localhost", "10.0.0.1", "[::1]", "keycloak", "a_b.example", ""],
      ].map((host) => [
        "allowedJwksHosts",
        `["${host}"]`,
        `4:20  allowedJwksHosts[0]: ${JSON.stringify(host)} ${notPublic}`,
      ]),
      [
        "allowedJwksHosts",
        "[a.example, b.example, a.example]",
        '4:42  allowedJwksHosts[2]: the host "a.example" is listed twice; remove one',
      ],
      ["rotationOverlap", "2d", `4:18  rotationOverlap: "2d" is not ${overlap}`],
      ["rotationOverlap", "59s", `4:18  rotationOverlap: "59s" is too short; write ${overlap}`],
      ["rotationOverlap", "721h", `4:18  rotationOverlap: "721h" is too long; write ${overlap}`],
    ])("refuses the field %s: %s", (field, value, problem) => {
      expect(messageFor(file({ [field]: value }))).toBe(message(problem));
    });
  });
});
