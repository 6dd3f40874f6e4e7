import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { file, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  describe("problems of the state backend", () => {
    const types = "one of local, pg, s3, gcs, azurerm, http, remote";
    test.each([
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
    ])("refuses the environment file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
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
      "{type: http, address: 'https://x.example/api/v4/state?name=atlas', lockAddress: 'http://localhost:9/l'}",
      "{type: remote, hostname: h, organization: o, workspaces: {name: n}}",
      "{type: remote, hostname: 'app.example.com:8443', organization: o, workspaces: {name: n}}",
      "{type: remote, hostname: 'Häuser.example', organization: o, workspaces: {name: n}}",
    ])("accepts the state backend %s", (state) => {
      expect(messageFor(file({ state }))).toContain('"state":{"type":');
    });

    const withLogin =
      "contains a user name or password; set TF_HTTP_USERNAME and TF_HTTP_PASSWORD instead";
    const withToken = "contains a user name or password; set TF_TOKEN_<host> instead";
    const notHttps = "does not use https; use https, or http on localhost only";
    const notHostname =
      "is not a host name; write it without scheme and path, such as app.example.com";
    test.each([
      ["address: 'https://state:SECRET@x.example'", `3:30  state.address: ${withLogin}`],
      ["address: 'https://state:SEC#RET@x.example'", `3:30  state.address: ${withLogin}`],
      ["address: 'https://SECRET@x.example'", `3:30  state.address: ${withLogin}`],
      ["address: 'http://x.example/a'", `3:30  state.address: "http://x.example/a" ${notHttps}`],
      [
        "address: 'ftp://x.example'",
        '3:30  state.address: "ftp://x.example" is not a web address; write it in full, such as https://state.example.com/atlas',
      ],
      [
        "address: x.example",
        '3:30  state.address: "x.example" is not a web address; write it in full, such as https://state.example.com/atlas',
      ],
      [
        "address: 'https://x.example', lockAddress: 'https://a:SECRET@x.example'",
        `3:64  state.lockAddress: ${withLogin}`,
      ],
      [
        "address: 'https://x.example', unlockAddress: 'http://x.example'",
        `3:66  state.unlockAddress: "http://x.example" ${notHttps}`,
      ],
    ])("refuses a state backend http with %s", (fields, problem) => {
      expect(messageFor(file({ state: `{type: http, ${fields}}` }))).toBe(message(problem));
    });

    test.each([
      ["http://tfe.example.com", `"http://tfe.example.com" ${notHostname}`],
      ["https://tfe.example.com/", `"https://tfe.example.com/" ${notHostname}`],
      ["https://me:SECRET@tfe.example.com", withToken],
      ["me:SECRET@tfe.example.com", withToken],
      ["SEC RET@tfe.example.com", withToken],
      ["tfe.example.com/app", `"tfe.example.com/app" ${notHostname}`],
      ["tfe.example.com:99999", `"tfe.example.com:99999" ${notHostname}`],
    ])("refuses the host name of a state backend remote %s", (hostname, problem) => {
      const state = `{type: remote, hostname: '${hostname}', organization: o, workspaces: {name: n}}`;
      expect(messageFor(file({ state }))).toBe(message(`3:33  state.hostname: ${problem}`));
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
        "{type: http, address: 'https://a.example', password: x}",
        "password",
        '"type", "address", "lockAddress", "unlockAddress"',
        51,
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
});
