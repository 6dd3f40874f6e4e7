import { describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../constructs/backend-client.ts";
import { RealmStack } from "../../constructs/realm-stack.ts";
import { app, counts, realm, resources, synthesized } from "./atlas.ts";

describe("the realm", () => {
  test("is secure by default", () => {
    expect(resources(realm({ displayName: "Atlas" }), "realm")).toEqual({
      realm: {
        realm: "atlas",
        display_name: "Atlas",
        enabled: true,
        ssl_required: "external",
        registration_allowed: false,
        access_token_lifespan: "5m0s",
        security_defenses: { brute_force_detection: {} },
        password_policy: "length(12) and notUsername and notEmail",
        revoke_refresh_token: true,
        refresh_token_max_reuse: 0,
        offline_session_max_lifespan_enabled: true,
        offline_session_max_lifespan: "1440h0m0s",
        attributes: { adminEventsExpiration: "604800" },
        lifecycle: { prevent_destroy: true },
      },
    });
  });

  test("has its name as display name by default", () => {
    expect(resources(realm(), "realm").realm).toHaveProperty("display_name", "atlas");
  });

  test("gives a new client only the default scope basic, and no optional scope", () => {
    const stack = realm();
    expect(resources(stack, "realm_default_client_scopes")).toEqual({
      "default-scopes": { realm_id: "${keycloak_realm.realm.id}", default_scopes: ["basic"] },
    });
    expect(resources(stack, "realm_optional_client_scopes")).toEqual({
      "optional-scopes": { realm_id: "${keycloak_realm.realm.id}", optional_scopes: [] },
    });
  });

  test("creates four resources", () => {
    expect(counts(realm())).toEqual({
      keycloak_realm: 1,
      keycloak_realm_events: 1,
      keycloak_realm_default_client_scopes: 1,
      keycloak_realm_optional_client_scopes: 1,
    });
  });
});

describe("the provider", () => {
  test("is the official one at an exact version", () => {
    expect(synthesized(realm()).terraform).toHaveProperty("required_providers", {
      keycloak: { source: "keycloak/keycloak", version: "5.9.0" },
    });
  });

  test("has the address of Keycloak and no credentials", () => {
    const keycloak = { url: "https://login.example.com", basePath: "/auth" };
    expect(synthesized(realm({ keycloak })).provider).toEqual({
      keycloak: [{ url: "https://login.example.com", base_path: "/auth" }],
    });
  });

  test("has an empty base path by default", () => {
    expect(synthesized(realm()).provider).toEqual({
      keycloak: [{ url: "https://login.example.com", base_path: "" }],
    });
  });
});

test("two realms in one app may use the same client ids and client scope names", () => {
  const project = app();
  const [one, two] = ["one", "two"].map((id) => {
    const stack = new RealmStack(project, id, {
      realm: id,
      keycloak: { url: "https://x.example" },
    });
    new BackendClient(stack, "api", { permissions: ["orders:read"] });
    return stack;
  });
  expect(one && counts(one)).toEqual(two && counts(two));
});
