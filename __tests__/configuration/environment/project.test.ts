import { describe, expect, test } from "@jest/globals";
import { environmentNames, loadEnvironment } from "../../../configuration/environment.ts";

describe("environments of the project", () => {
  test("lists the environments by name", () => {
    expect(environmentNames()).toEqual(["local", "production"]);
  });

  test("loads the environment local", () => {
    expect(loadEnvironment({})).toMatchObject({
      name: "local",
      keycloak: { url: "http://localhost:8080", basePath: "" },
      baseUrl: "http://localhost:8080",
      frontend: { redirectUris: ["http://localhost:5173/"] },
      state: { type: "local" },
      customers: "customers.yaml",
      limits: { customers: 5, percent: 30 },
      events: { retentionDays: 7 },
    });
  });

  test("loads the environment production", () => {
    expect(loadEnvironment({ REALM_ENV: "production" })).toMatchObject({
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
      events: { retentionDays: 7 },
    });
  });
});
