import { rmSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { environmentNames, loadEnvironment } from "../../configuration/environment.ts";
import { UsageError } from "../../text/errors.ts";
import { outcome, useEmptyFolder, write } from "./folder.ts";

const project = process.cwd();

describe("environments of the project", () => {
  test("lists the environments by name", () => {
    expect(environmentNames()).toEqual(["local", "production"]);
  });

  test("loads the environment local", () => {
    expect(loadEnvironment({})).toEqual({
      name: "local",
      keycloak: { url: "http://localhost:8080", basePath: "" },
      baseUrl: "http://localhost:8080",
      frontend: { redirectUris: ["http://localhost:5173/"] },
      state: { type: "local" },
      customers: "customers.yaml",
      limits: { customers: 5, percent: 30 },
    });
  });

  test("loads the environment production", () => {
    expect(loadEnvironment({ REALM_ENV: "production" })).toEqual({
      name: "production",
      keycloak: { url: "https://login.example.com", basePath: "" },
      baseUrl: "https://login.example.com",
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

describe("environments of another folder", () => {
  useEmptyFolder();

  const fields: Readonly<Record<string, string | undefined>> = {
    keycloak: "{url: https://login.example.com}",
    frontend: "{redirectUris: [https://app.example.com/]}",
    state: "{type: local}",
  };

  /** An environment file, some of its fields replaced. */
  const file = (replaced: Readonly<Record<string, string | undefined>> = {}): string =>
    Object.entries({ ...fields, ...replaced })
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
    ])("chooses an environment, or is refused with the names that exist: %j", (name, expected) => {
      expect(chosen(name)).toBe(expected);
    });

    test("is wrong usage if it names an unknown environment", () => {
      expect(() => loadEnvironment({ REALM_ENV: "nope" })).toThrow(
        expect.objectContaining({ constructor: UsageError, code: "usage", exitStatus: 2 }),
      );
    });
  });

  describe("variables", () => {
    test("override the values of the file", () => {
      const variables = {
        KEYCLOAK_URL: "http://localhost:9090/",
        KEYCLOAK_BASE_PATH: "/auth",
        CUSTOMERS_FILE: "other.yaml",
      };
      expect(load(file(), variables)).toEqual({
        name: "local",
        keycloak: { url: "http://localhost:9090", basePath: "/auth" },
        baseUrl: "http://localhost:9090/auth",
        frontend: { redirectUris: ["https://app.example.com/"] },
        state: { type: "local" },
        customers: "other.yaml",
        limits: { customers: 5, percent: 30 },
      });
    });

    test("override nothing if they are empty", () => {
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
        'KEYCLOAK_URL: "localhost:8080" is not a web address; write scheme, host and port, such as https://login.example.com',
      ],
      [
        { KEYCLOAK_URL: "https://login.example.com/auth" },
        'KEYCLOAK_URL: "https://login.example.com/auth" is more than a server address; write https://login.example.com, and the path as the base path',
      ],
      [
        { KEYCLOAK_URL: "https://admin:secret@login.example.com" },
        "KEYCLOAK_URL: contains a user name or password; write https://login.example.com",
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
    ])("are wrong usage if they are not valid: %j", (variables, expected) => {
      expect(outcome(() => load(file(), variables))).toBe(expected);
      expect(() => load(file(), variables)).toThrow(expect.objectContaining({ exitStatus: 2 }));
    });
  });

  test.each([
    ["https://login.example.com", undefined, {}, "https://login.example.com"],
    ["https://login.example.com/", "''", {}, "https://login.example.com"],
    ["HTTPS://Login.Example.com:443", "/auth", {}, "https://login.example.com/auth"],
    ["http://10.0.0.1:8080", "/a/b", {}, "http://10.0.0.1:8080/a/b"],
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

  test("loads limits, with a default for each", () => {
    expect(load(file({ limits: "{customers: 0, percent: 100}" })).limits).toEqual({
      customers: 0,
      percent: 100,
    });
    expect(load(file({ limits: "{percent: 0}" })).limits).toEqual({ customers: 5, percent: 0 });
    expect(load(file({ limits: "{}" })).limits).toEqual({ customers: 5, percent: 30 });
  });

  describe("files", () => {
    const example = "write scheme, host and port, such as https://login.example.com";
    const types = "one of local, pg, s3, gcs, azurerm, http, remote";
    test.each([
      ["", "1:1  is empty; write a mapping (keycloak, frontend, state, customers, limits)"],
      [
        "- a\n",
        "1:1  must be a mapping (keycloak, frontend, state, customers, limits), not a list",
      ],
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
        file({ frontend: undefined, frontned: fields.frontend }),
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
        "1:17  keycloak.url: contains a user name or password; write https://x.example",
      ],
      [
        file({ keycloak: "{url: 'https://:b@x.example'}" }),
        "1:17  keycloak.url: contains a user name or password; write https://x.example",
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
      [file({ state: "" }), "3:8  state: is empty; write a state backend, such as {type: local}"],
      [
        file({ state: "local" }),
        '3:8  state: must be a state backend, such as {type: local}, not "local"',
      ],
      [file({ state: "{}" }), `3:8  state.type: is missing; set it to ${types}`],
      [file({ state: "{type: }" }), `3:15  state.type: must be ${types}`],
      [file({ state: "{type: [local]}" }), `3:15  state.type: must be ${types}`],
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
        '3:28  state.path: the value "${x}" contains "${", which Terraform would evaluate; remove it',
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
        "4:21  limits.customers: must be a whole number, 0 or more, not 1e+30",
      ],
      [
        file({ limits: "{percent: 1.5}" }),
        "4:19  limits.percent: must be a whole number from 0 to 100, not 1.5",
      ],
      [
        file({ limits: "{percent: 1e30}" }),
        "4:19  limits.percent: must be a whole number from 0 to 100, not 1e+30",
      ],
      [
        file({ limits: "{percent: 101}" }),
        "4:19  limits.percent: must be a whole number from 0 to 100, not 101",
      ],
    ])("refuses the file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });

    test("reports all problems of a file at once", () => {
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

  describe("state backends", () => {
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
    ])("accepts the state backend %s", (state) => {
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
    ])("refuses credentials of a state backend: %s, %s", (_, state, field, known, column) => {
      expect(messageFor(file({ state }))).toBe(
        message(`3:${column}  state.${field}: unknown field "${field}"; known: ${known}`),
      );
    });
  });

  test("refuses a folder without environments, with a hint at where to run", () => {
    rmSync("environments", { recursive: true });
    expect(process.cwd()).not.toBe(project);
    expect(outcome(() => loadEnvironment({}))).toBe(
      "there is no folder environments/ here; run this in the project's folder",
    );
  });
});
