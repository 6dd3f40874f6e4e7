import { describe, expect, test } from "@jest/globals";
import { outcome, useEmptyFolder } from "../folder.ts";
import { file, load } from "./environment-file.ts";

useEmptyFolder();

describe("the values of an environment", () => {
  describe("variables", () => {
    test("override the values of the file", () => {
      const variables = {
        KEYCLOAK_URL: "http://localhost:9090/",
        KEYCLOAK_BASE_PATH: "/auth",
        CUSTOMERS_FILE: "other.yaml",
      };
      expect(load(file(), variables)).toMatchObject({
        name: "local",
        keycloak: { url: "http://localhost:9090", basePath: "/auth" },
        baseUrl: "http://localhost:9090/auth",
        frontend: { redirectUris: ["https://app.example.com/"] },
        state: { type: "local" },
        customers: "other.yaml",
        limits: { customers: 5, percent: 30 },
        events: { retentionDays: 7 },
      });
    });

    test("override nothing if they are empty", () => {
      const variables = { KEYCLOAK_URL: "", KEYCLOAK_BASE_PATH: "", CUSTOMERS_FILE: "" };
      const text = file({
        keycloak: "{url: https://x.example, basePath: /auth}",
        customers: "c.yaml",
      });
      expect(JSON.stringify(load(text, variables))).toBe(JSON.stringify(load(text)));
      expect(load(text).customers).toBe("c.yaml");
    });

    test.each([
      [
        { KEYCLOAK_URL: "localhost:8080" },
        'KEYCLOAK_URL: "localhost:8080" is not a web address; write scheme, host and port, such as https://login.example.com',
      ],
      [
        { KEYCLOAK_URL: "https://login.example.com/auth" },
        'KEYCLOAK_URL: "https://login.example.com/auth" is more than a server address; write https://login.example.com, and the path as the base path',
      ],
      [
        { KEYCLOAK_URL: "https://admin:secret@login.example.com" },
        "KEYCLOAK_URL: contains a user name or password; write scheme, host and port, such as https://login.example.com",
      ],
      [
        { KEYCLOAK_URL: "http://login.example.com" },
        'KEYCLOAK_URL: "http://login.example.com" does not use https; use https, or http on localhost only',
      ],
      [
        { KEYCLOAK_BASE_PATH: "auth" },
        'KEYCLOAK_BASE_PATH: "auth" is not a base path; write it with a leading slash and no trailing one, such as /auth',
      ],
      [
        { KEYCLOAK_BASE_PATH: "/" },
        'KEYCLOAK_BASE_PATH: "/" is not a base path; write it with a leading slash and no trailing one, such as /auth',
      ],
      [
        { KEYCLOAK_BASE_PATH: "/auth/" },
        'KEYCLOAK_BASE_PATH: "/auth/" is not a base path; write it with a leading slash and no trailing one, such as /auth',
      ],
      [
        { KEYCLOAK_BASE_PATH: "/${x}" },
        'KEYCLOAK_BASE_PATH: "/${x}" is not a base path; write it with a leading slash and no trailing one, such as /auth',
      ],
    ])("are refused as wrong usage if they are not valid: %j", (variables, expected) => {
      expect(outcome(() => load(file(), variables))).toBe(expected);
      expect(() => load(file(), variables)).toThrow(expect.objectContaining({ exitStatus: 2 }));
    });
  });

  test.each([
    ["https://login.example.com", undefined, {}, "https://login.example.com"],
    ["https://login.example.com/", "''", {}, "https://login.example.com"],
    ["HTTPS://Login.Example.com:443", "/auth", {}, "https://login.example.com/auth"],
    ["https://10.0.0.1:8443", "/a/b", {}, "https://10.0.0.1:8443/a/b"],
    ["https://x.example", "/auth", { KEYCLOAK_URL: "https://y.example" }, "https://y.example/auth"],
    ["https://x.example", "/auth", { KEYCLOAK_BASE_PATH: "/sso" }, "https://x.example/sso"],
    ["https://x.example", undefined, { KEYCLOAK_BASE_PATH: "/sso" }, "https://x.example/sso"],
  ])(
    "builds from the address %s, the base path %s and the variables %j the base URL %s",
    (url, basePath, variables, baseUrl) => {
      const path = basePath === undefined ? "" : `, basePath: ${basePath}`;
      expect(load(file({ keycloak: `{url: '${url}'${path}}` }), variables).baseUrl).toBe(baseUrl);
    },
  );
});
