import { describe, expect, test } from "@jest/globals";
import { environmentNames, loadEnvironment } from "../../../configuration/environment.ts";
import { useEmptyFolder, write } from "../folder.ts";
import { file } from "./environment-file.ts";

useEmptyFolder();

describe("the environments of a folder", () => {
  test("are its YAML files, in alphabetical order", () => {
    write("several/environments/test.yaml", file());
    write("several/environments/live.yaml", file());
    write("several/environments/README.md", "");
    expect(environmentNames("several")).toEqual(["live", "test"]);
  });

  test("have defaults for what their file does not name", () => {
    write("defaults/environments/local.yaml", file());
    expect(loadEnvironment({}, "defaults")).toMatchObject({
      name: "local",
      keycloak: { url: "https://login.example.com", basePath: "" },
      baseUrl: "https://login.example.com",
      frontend: { redirectUris: ["https://app.example.com/"] },
      state: { type: "local" },
      customers: "customers.yaml",
      limits: { customers: 5, percent: 30 },
      events: { retentionDays: 7 },
    });
  });

  test("have the values of their file", () => {
    const text = `keycloak: { url: https://login.example.com, basePath: /auth }
frontend:
  redirectUris: [https://app.example.com/]
  webOrigins: [https://app.example.com]
  postLogoutRedirectUris: [https://app.example.com/signed-out]
state: { type: pg, schemaName: shop }
customers: partners.yaml
limits: { customers: 1, percent: 2 }
events: { retentionDays: 3 }
`;
    write("values/environments/live.yaml", text);
    expect(loadEnvironment({ REALM_ENV: "live" }, "values")).toMatchObject({
      name: "live",
      keycloak: { url: "https://login.example.com", basePath: "/auth" },
      baseUrl: "https://login.example.com/auth",
      frontend: {
        redirectUris: ["https://app.example.com/"],
        webOrigins: ["https://app.example.com"],
        postLogoutRedirectUris: ["https://app.example.com/signed-out"],
      },
      state: { type: "pg", schemaName: "shop" },
      customers: "partners.yaml",
      limits: { customers: 1, percent: 2 },
      events: { retentionDays: 3 },
    });
  });
});
