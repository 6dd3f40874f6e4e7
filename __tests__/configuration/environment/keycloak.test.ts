import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { file, load, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  describe("problems of Keycloak", () => {
    const example = "write scheme, host and port, such as https://login.example.com";
    test.each([
      [file({ keycloak: "" }), "1:11  keycloak: is empty; write a mapping (url, basePath)"],
      [
        file({ keycloak: "https://login.example.com" }),
        '1:11  keycloak: must be a mapping (url, basePath), not "https://login.example.com"',
      ],
      [
        file({ keycloak: "{}" }),
        '1:1  keycloak: "url" is missing; add url: https://login.example.com',
      ],
      [
        file({ keycloak: "{url: https://x.example, clientSecret: x}" }),
        '1:36  keycloak.clientSecret: unknown field "clientSecret"; known: "url", "basePath"',
      ],
      [file({ keycloak: "{url: }" }), "1:17  keycloak.url: is empty; write text"],
      [
        file({ keycloak: "{url: 8080}" }),
        "1:17  keycloak.url: must be text, not 8080; put it in quotes",
      ],
      [
        file({ keycloak: "{url: 'localhost:8080'}" }),
        `1:17  keycloak.url: "localhost:8080" is not a web address; ${example}`,
      ],
      [
        file({ keycloak: "{url: ftp://x.example}" }),
        `1:17  keycloak.url: "ftp://x.example" is not a web address; ${example}`,
      ],
      [
        file({ keycloak: "{url: https://x.example:99999}" }),
        `1:17  keycloak.url: "https://x.example:99999" is not a web address; ${example}`,
      ],
      [
        file({ keycloak: "{url: 'https://x.example/auth'}" }),
        '1:17  keycloak.url: "https://x.example/auth" is more than a server address; write https://x.example, and the path as the base path',
      ],
      [
        file({ keycloak: "{url: 'https://x.example/?a=b'}" }),
        '1:17  keycloak.url: "https://x.example/?a=b" is more than a server address; write https://x.example, and the path as the base path',
      ],
      [
        file({ keycloak: "{url: 'https://a:b@x.example'}" }),
        `1:17  keycloak.url: contains a user name or password; ${example}`,
      ],
      [
        file({ keycloak: "{url: 'https://:b@x.example'}" }),
        `1:17  keycloak.url: contains a user name or password; ${example}`,
      ],
      [
        file({ keycloak: "{url: 'https://a:se#cret@x.example'}" }),
        `1:17  keycloak.url: contains a user name or password; ${example}`,
      ],
      [
        file({ keycloak: "{url: 'https://a:12/secret@x.example'}" }),
        `1:17  keycloak.url: contains a user name or password; ${example}`,
      ],
      [
        file({ keycloak: "{url: http://login.example.com}" }),
        '1:17  keycloak.url: "http://login.example.com" does not use https; use https, or http on localhost only',
      ],
      [
        file({ keycloak: "{url: 'http://localhost.example.com:8080'}" }),
        '1:17  keycloak.url: "http://localhost.example.com:8080" does not use https; use https, or http on localhost only',
      ],
      [
        file({ keycloak: "{url: 'https://${x}'}" }),
        '1:17  keycloak.url: the address "https://${x}" contains "${", which Terraform would evaluate; remove it',
      ],
      [
        file({ keycloak: "{url: https://x.example, basePath: auth}" }),
        '1:46  keycloak.basePath: "auth" is not a base path; write it with a leading slash and no trailing one, such as /auth',
      ],
      [
        file({ keycloak: "{url: https://x.example, basePath: 5}" }),
        "1:46  keycloak.basePath: must be text, not 5; put it in quotes",
      ],
    ])("refuses the environment file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });

    test.each([
      "https://login.example.com",
      "http://localhost:8080",
      "http://127.0.0.1:8080",
      "http://[::1]:8080",
    ])("accepts the address %s", (url) => {
      expect(load(file({ keycloak: `{url: '${url}'}` })).keycloak.url).toBe(url);
    });
  });
});
