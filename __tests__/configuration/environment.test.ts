import { rmSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { environmentNames, loadEnvironment } from "../../configuration/environment.ts";
import { ExplainedError } from "../../text/errors.ts";
import { outcome, useEmptyFolder, write } from "./folder.ts";

const project = process.cwd();

describe("the project's own environments", () => {
  test("are found", () => {
    expect(environmentNames()).toEqual(["local", "production"]);
  });

  test("load: local", () => {
    expect(loadEnvironment({})).toEqual({
      name: "local",
      keycloak: { url: "http://localhost:8080", basePath: "" },
      frontend: { redirectUris: ["http://localhost:5173/"] },
      state: { type: "local" },
      customers: "customers.yaml",
      limits: { customers: 5, percent: 30 },
    });
  });

  test("load: production", () => {
    expect(loadEnvironment({ REALM_ENV: "production" })).toEqual({
      name: "production",
      keycloak: { url: "https://login.example.com", basePath: "" },
      frontend: {
        redirectUris: ["https://app.example.com/"],
        webOrigins: ["https://app.example.com"],
        postLogoutRedirectUris: ["https://app.example.com/signed-out"],
      },
      state: { type: "pg", schemaName: "atlas" },
      customers: "customers.yaml",
      limits: { customers: 5, percent: 30 },
    });
  });
});

describe("in a folder of its own", () => {
  useEmptyFolder();

  const parts: Readonly<Record<string, string | undefined>> = {
    keycloak: "{url: https://login.example.com}",
    frontend: "{redirectUris: [https://app.example.com/]}",
    state: "{type: local}",
  };

  /** An environment file, some of its parts replaced. */
  const file = (replaced: Readonly<Record<string, string | undefined>> = {}): string =>
    Object.entries({ ...parts, ...replaced })
      .map(([name, value]) => (value === undefined ? "" : `${name}: ${value}\n`))
      .join("");

  const load = (text: string, variables: NodeJS.ProcessEnv = {}) => {
    write("environments/local.yaml", text);
    return loadEnvironment(variables);
  };

  const messageFor = (text: string) => outcome(() => load(text));

  const message = (...problems: string[]) => {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    return [
      `environments/local.yaml is not valid: ${count}`,
      ...problems.map((problem) => `  environments/local.yaml:${problem}`),
    ].join("\n");
  };

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
    ])("%j", (name, expected) => {
      expect(chosen(name)).toBe(expected);
    });

    test("of an unknown environment is wrong usage", () => {
      expect(() => loadEnvironment({ REALM_ENV: "nope" })).toThrow(
        expect.objectContaining({ constructor: ExplainedError, exitStatus: 2 }),
      );
    });
  });

  describe("a variable", () => {
    test("stands in for what the file says", () => {
      const variables = {
        KEYCLOAK_URL: "http://localhost:9090/",
        KEYCLOAK_BASE_PATH: "/auth",
        CUSTOMERS_FILE: "other.yaml",
      };
      expect(load(file(), variables)).toEqual({
        name: "local",
        keycloak: { url: "http://localhost:9090", basePath: "/auth" },
        frontend: { redirectUris: ["https://app.example.com/"] },
        state: { type: "local" },
        customers: "other.yaml",
        limits: { customers: 5, percent: 30 },
      });
    });

    test("that is empty stands in for nothing", () => {
      const variables = { KEYCLOAK_URL: "", KEYCLOAK_BASE_PATH: "", CUSTOMERS_FILE: "" };
      const text = file({
        keycloak: "{url: https://x.example, basePath: /auth}",
        customers: "c.yaml",
      });
      expect(load(text, variables)).toEqual(load(text));
      expect(load(text).customers).toBe("c.yaml");
    });

    test.each([
      [
        { KEYCLOAK_URL: "localhost:8080" },
        'KEYCLOAK_URL: "localhost:8080" is no web address; write scheme, host and port, such as https://login.example.com',
      ],
      [
        { KEYCLOAK_URL: "https://login.example.com/auth" },
        'KEYCLOAK_URL: "https://login.example.com/auth" is more than a server\'s address; write https://login.example.com, and the path as base path',
      ],
      [
        { KEYCLOAK_URL: "https://admin:secret@login.example.com" },
        "KEYCLOAK_URL: holds a user's name or password; write https://login.example.com without it",
      ],
      [
        { KEYCLOAK_BASE_PATH: "auth" },
        'KEYCLOAK_BASE_PATH: "auth" is no path; write it with a leading slash and none last, such as /auth',
      ],
      [
        { KEYCLOAK_BASE_PATH: "/" },
        'KEYCLOAK_BASE_PATH: "/" is no path; write it with a leading slash and none last, such as /auth',
      ],
      [
        { KEYCLOAK_BASE_PATH: "/auth/" },
        'KEYCLOAK_BASE_PATH: "/auth/" is no path; write it with a leading slash and none last, such as /auth',
      ],
      [
        { KEYCLOAK_BASE_PATH: "/${x}" },
        'KEYCLOAK_BASE_PATH: "/${x}" is no path; write it with a leading slash and none last, such as /auth',
      ],
    ])("that makes no sense is wrong usage: %j", (variables, expected) => {
      expect(outcome(() => load(file(), variables))).toBe(expected);
      expect(() => load(file(), variables)).toThrow(expect.objectContaining({ exitStatus: 2 }));
    });
  });

  describe("a file", () => {
    const example = "write scheme, host and port, such as https://login.example.com";
    const types = "local, pg, s3, gcs, azurerm, http, remote";
    test.each([
      ["", "1:1  is empty; write fields (keycloak, frontend, state, customers, limits)"],
      ["- a\n", "1:1  must be fields (keycloak, frontend, state, customers, limits), not a list"],
      [
        file({ keycloak: undefined }),
        '1:1  "keycloak" is missing; add keycloak: {url: https://login.example.com}',
      ],
      [
        file({ frontend: undefined }),
        '1:1  "frontend" is missing; add frontend: {redirectUris: [https://app.example.com/]}',
      ],
      [file({ state: undefined }), '1:1  "state" is missing; add state: {type: local}'],
      [
        file({ frontend: undefined, frontned: parts.frontend }),
        '3:1  frontned: unknown field "frontned"; did you mean "frontend"?',
      ],
      [
        file({ realm: "x" }),
        '4:1  realm: unknown field "realm"; known: "keycloak", "frontend", "state", "customers", "limits"',
      ],
      [`${file()}state: {type: pg}\n`, '4:1  state: the field "state" is already used on line 3'],
      [file({ customers: "" }), "4:12  customers: is empty; write text"],
      [file({ customers: "''" }), "4:12  customers: is empty; name a file"],
      [file({ customers: "3" }), "4:12  customers: must be text, not 3; put it in quotes"],
      [file({ keycloak: "" }), "1:11  keycloak: is empty; write fields (url, basePath)"],
      [
        file({ keycloak: "https://login.example.com" }),
        '1:11  keycloak: must be fields (url, basePath), not "https://login.example.com"',
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
        `1:17  keycloak.url: "localhost:8080" is no web address; ${example}`,
      ],
      [
        file({ keycloak: "{url: ftp://x.example}" }),
        `1:17  keycloak.url: "ftp://x.example" is no web address; ${example}`,
      ],
      [
        file({ keycloak: "{url: https://x.example:99999}" }),
        `1:17  keycloak.url: "https://x.example:99999" is no web address; ${example}`,
      ],
      [
        file({ keycloak: "{url: 'https://x.example/auth'}" }),
        '1:17  keycloak.url: "https://x.example/auth" is more than a server\'s address; write https://x.example, and the path as base path',
      ],
      [
        file({ keycloak: "{url: 'https://x.example/?a=b'}" }),
        '1:17  keycloak.url: "https://x.example/?a=b" is more than a server\'s address; write https://x.example, and the path as base path',
      ],
      [
        file({ keycloak: "{url: 'https://a:b@x.example'}" }),
        "1:17  keycloak.url: holds a user's name or password; write https://x.example without it",
      ],
      [
        file({ keycloak: "{url: 'https://:b@x.example'}" }),
        "1:17  keycloak.url: holds a user's name or password; write https://x.example without it",
      ],
      [
        file({ keycloak: "{url: 'https://${x}'}" }),
        '1:17  keycloak.url: the address "https://${x}" holds "${", which Terraform would evaluate; write it without',
      ],
      [
        file({ keycloak: "{url: https://x.example, basePath: auth}" }),
        '1:46  keycloak.basePath: "auth" is no path; write it with a leading slash and none last, such as /auth',
      ],
      [
        file({ keycloak: "{url: https://x.example, basePath: 5}" }),
        "1:46  keycloak.basePath: must be text, not 5; put it in quotes",
      ],
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
        '2:27  frontend.redirectUris[0]: redirect URI "http://x.example/" is not https; use https, or http on localhost only',
      ],
      [
        file({
          frontend: "{redirectUris: ['https://x.example/'], webOrigins: ['https://x.example/a']}",
        }),
        '2:63  frontend.webOrigins[0]: web origin "https://x.example/a" is more than an origin; write https://x.example',
      ],
      [
        file({ frontend: "{redirectUris: ['https://x.example/'], postLogoutRedirectUris: [a]}" }),
        '2:75  frontend.postLogoutRedirectUris[0]: redirect URI "a" is no absolute URL; write it in full, like https://app.example.com/',
      ],
      [
        file({ frontend: "{redirectUri: [https://x.example/]}" }),
        '2:12  frontend.redirectUri: unknown field "redirectUri"; did you mean "redirectUris"?',
      ],
      [file({ state: "" }), "3:8  state: is empty; write a back end, such as {type: local}"],
      [
        file({ state: "local" }),
        '3:8  state: must be a back end, such as {type: local}, not "local"',
      ],
      [file({ state: "{}" }), `3:8  state.type: is missing; add type: ${types}`],
      [file({ state: "{type: }" }), `3:15  state.type: must be one of ${types}`],
      [file({ state: "{type: [local]}" }), `3:15  state.type: must be one of ${types}`],
      [
        file({ state: "{type: postgres}" }),
        `3:15  state.type: unknown type "postgres"; use ${types}`,
      ],
      [
        file({ state: "{type: locl}" }),
        '3:15  state.type: unknown type "locl"; did you mean "local"?',
      ],
      [file({ state: "{type: local, path: ''}" }), "3:28  state.path: is empty; write the value"],
      [
        file({ state: "{type: local, path: '${x}'}" }),
        '3:28  state.path: the value "${x}" holds "${", which Terraform would evaluate; write it without',
      ],
      [
        file({ state: "{type: s3, bucket: b, key: k, region: r, encrypt: yes}" }),
        '3:58  state.encrypt: must be true or false, not "yes"',
      ],
      [file({ state: "{type: gcs}" }), '3:1  state: "bucket" is missing; add it'],
      [
        file({ state: "{type: remote, organization: o, workspaces: {prefix: p, name: n}}" }),
        '3:53  state.workspaces.prefix: unknown field "prefix"; known: "name"',
      ],
    ])("%j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });

    test("has all its problems reported at once", () => {
      expect(messageFor("keycloak: {}\nstate: {type: s3, bucket: 1, keys: k}\n")).toBe(
        message(
          '1:1   keycloak: "url" is missing; add url: https://login.example.com',
          '1:1   "frontend" is missing; add frontend: {redirectUris: [https://app.example.com/]}',
          '2:1   state: "region" is missing; add it',
          "2:27  state.bucket: must be text, not 1; put it in quotes",
          '2:30  state.keys: unknown field "keys"; did you mean "key"?',
        ),
      );
    });
  });

  describe("a state back end", () => {
    test.each([
      "{type: local}",
      "{type: local, path: a.tfstate}",
      "{type: pg}",
      "{type: pg, schemaName: atlas}",
      "{type: s3, bucket: b, key: k, region: r}",
      "{type: s3, bucket: b, key: k, region: r, encrypt: true, dynamodbTable: t}",
      "{type: gcs, bucket: b, prefix: p}",
      "{type: azurerm, resourceGroupName: r, storageAccountName: s, containerName: c, key: k}",
      "{type: http, address: 'https://x.example', lockAddress: 'https://x.example/l', unlockAddress: 'https://x.example/u'}",
      "{type: remote, hostname: h, organization: o, workspaces: {name: n}}",
    ])("may be %s", (state) => {
      expect(messageFor(file({ state }))).toContain('"state":{"type":');
    });

    test.each([
      ["pg", "{type: pg, connStr: 'postgres://a:b@c/d'}", "connStr", '"type", "schemaName"', 19],
      ["pg", "{type: pg, password: x}", "password", '"type", "schemaName"', 19],
      [
        "s3",
        "{type: s3, bucket: b, key: k, region: r, accessKey: x}",
        "accessKey",
        '"type", "bucket", "key", "region", "encrypt", "dynamodbTable"',
        49,
      ],
      [
        "s3",
        "{type: s3, bucket: b, key: k, region: r, secretKey: x}",
        "secretKey",
        '"type", "bucket", "key", "region", "encrypt", "dynamodbTable"',
        49,
      ],
      [
        "gcs",
        "{type: gcs, bucket: b, credentials: x}",
        "credentials",
        '"type", "bucket", "prefix"',
        31,
      ],
      [
        "azurerm",
        "{type: azurerm, storageAccountName: s, containerName: c, key: k, accessKey: x}",
        "accessKey",
        '"type", "resourceGroupName", "storageAccountName", "containerName", "key"',
        73,
      ],
      [
        "http",
        "{type: http, address: a, password: x}",
        "password",
        '"type", "address", "lockAddress", "unlockAddress"',
        33,
      ],
      [
        "remote",
        "{type: remote, organization: o, workspaces: {name: n}, token: x}",
        "token",
        '"type", "hostname", "organization", "workspaces"',
        63,
      ],
    ])("takes no credentials: %s, %s", (_, state, field, known, column) => {
      expect(messageFor(file({ state }))).toBe(
        message(`3:${column}  state.${field}: unknown field "${field}"; known: ${known}`),
      );
    });
  });

  test("no folder of environments is an error that says where to be", () => {
    rmSync("environments", { recursive: true });
    expect(process.cwd()).not.toBe(project);
    expect(outcome(() => loadEnvironment({}))).toBe(
      "there is no folder environments here; run this in the project's folder",
    );
  });
});
