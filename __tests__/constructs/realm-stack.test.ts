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
        attributes: { adminEventsExpiration: "7776000" },
        lifecycle: { prevent_destroy: true },
      },
    });
  });

  test("has its name as display name by default", () => {
    expect(resources(realm(), "realm").realm).toHaveProperty("display_name", "atlas");
  });

  test("keeps admin and login events for 90 days", () => {
    expect(resources(realm(), "realm_events")).toEqual({
      events: {
        realm_id: "${keycloak_realm.realm.id}",
        events_enabled: true,
        events_expiration: 90 * 24 * 60 * 60,
        events_listeners: ["jboss-logging"],
        admin_events_enabled: true,
      },
    });
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
