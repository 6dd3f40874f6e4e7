import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { fields, file, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  describe("problems of the whole file", () => {
    test.each([
      [
        "",
        "1:1  is empty; write a mapping (keycloak, frontend, frontends, state, shards, customers, limits, events, secretPrefix, allowedJwksHosts, rotationOverlap)",
      ],
      [
        "- a\n",
        "1:1  must be a mapping (keycloak, frontend, frontends, state, shards, customers, limits, events, secretPrefix, allowedJwksHosts, rotationOverlap), not a list",
      ],
      [
        file({ keycloak: undefined }),
        '1:1  "keycloak" is missing; add keycloak: {url: https://login.example.com}',
      ],
      [file({ state: undefined }), '1:1  "state" is missing; add state: {type: local}'],
      [
        file({ frontend: undefined, frontned: fields.frontend }),
        '3:1  frontned: unknown field "frontned"; did you mean "frontend"?',
      ],
      [
        file({ realm: "x" }),
        '4:1  realm: unknown field "realm"; known: "keycloak", "frontend", "frontends", "state", "shards", "customers", "limits", "events", "secretPrefix", "allowedJwksHosts", "rotationOverlap"',
      ],
      [`${file()}state: {type: pg}\n`, '4:1  state: the field "state" is already used on line 3'],
      [file({ customers: "" }), "4:12  customers: is empty; write text"],
      [file({ customers: "''" }), "4:12  customers: is empty; name a file"],
      [file({ customers: "3" }), "4:12  customers: must be text, not 3; put it in quotes"],
    ])("refuses the environment file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });

    test("reports all problems of a file at once", () => {
      expect(messageFor("keycloak: {}\nstate: {type: s3, bucket: 1, keys: k}\n")).toBe(
        message(
          '1:1   keycloak: "url" is missing; add url: https://login.example.com',
          '2:1   state: "region" is missing; add it',
          "2:27  state.bucket: must be text, not 1; put it in quotes",
          '2:30  state.keys: unknown field "keys"; did you mean "key"?',
        ),
      );
    });
  });
});
