import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { file, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  describe("problems of the frontend", () => {
    test.each([
      [
        file({ frontend: "{}" }),
        '2:1  frontend: "redirectUris" is missing; add redirectUris: [https://app.example.com/]',
      ],
      [
        file({ frontend: "{redirectUris: []}" }),
        "2:26  frontend.redirectUris: is empty; name at least one",
      ],
      [
        file({ frontend: "{redirectUris: https://x.example/}" }),
        '2:26  frontend.redirectUris: must be a list, such as [a, b], not "https://x.example/"',
      ],
      [
        file({ frontend: "{redirectUris: [1]}" }),
        "2:27  frontend.redirectUris[0]: must be text, not 1; put it in quotes",
      ],
      [
        file({ frontend: "{redirectUris: ['https://x.example/*']}" }),
        '2:27  frontend.redirectUris[0]: redirect URI "https://x.example/*" has a wildcard; name each address in full',
      ],
      [
        file({ frontend: "{redirectUris: ['http://x.example/']}" }),
        '2:27  frontend.redirectUris[0]: redirect URI "http://x.example/" does not use https; use https, or http on localhost only',
      ],
      [
        file({
          frontend: "{redirectUris: ['https://x.example/'], webOrigins: ['https://x.example/a']}",
        }),
        '2:63  frontend.webOrigins[0]: web origin "https://x.example/a" is more than an origin; write https://x.example',
      ],
      [
        file({ frontend: "{redirectUris: ['https://x.example/'], postLogoutRedirectUris: [a]}" }),
        '2:75  frontend.postLogoutRedirectUris[0]: redirect URI "a" is not an absolute URL; write it in full, such as https://app.example.com/',
      ],
      [
        file({ frontend: "{redirectUri: [https://x.example/]}" }),
        '2:12  frontend.redirectUri: unknown field "redirectUri"; did you mean "redirectUris"?',
      ],
    ])("refuses the environment file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });
  });
});
