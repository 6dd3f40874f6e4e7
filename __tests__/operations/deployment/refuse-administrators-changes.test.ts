import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { refuseAdministratorsChanges } from "../../../operations/deployment/refuse-administrators-changes.ts";
import type { Login } from "../../../operations/keycloak/login/admin.ts";

const login = (clientId: string): Login => ({
  ...{ baseUrl: "https://login.example.com", realm: "atlas", clientId },
});

/** Whether an identity's change of a resource is refused. */
const isRefused = (clientId: string, type: string, action: string, change: object = {}) => {
  const planned = { actions: [action], before: null, after: {}, ...change };
  try {
    refuseAdministratorsChanges(
      login(clientId),
      [{ address: `${type}.x`, type, change: planned }],
      "ask",
    );
    return false;
  } catch (error) {
    expect(String(error)).toContain(`not these resources; nothing is applied:\n  ${type}.x\nask`);
    return true;
  }
};

test.each(["create", "update", "delete"])("the deployer may not %s the realm", (action) => {
  expect(isRefused("deployer", "keycloak_realm", action)).toBe(true);
});

test("the deployer may forget the realm, which changes only the state", () => {
  expect(isRefused("deployer", "keycloak_realm", "forget")).toBe(false);
});

test("an administrator may change the realm", () => {
  expect(isRefused("admin-cli", "keycloak_realm", "update")).toBe(false);
});

test.each([
  ["a client's role", { after: { client_id: "1f0c" } }, false],
  ["a role of a client that is created too", { after_unknown: { client_id: true } }, false],
  ["a client's role that is removed", { before: { client_id: "1f0c" }, after: null }, false],
  ["a role of the realm", { after: { name: "admin" } }, true],
  ["a role of the realm that is removed", { before: { client_id: "" }, after: null }, true],
])("of roles, the deployer may change only those of clients: %s", (_, change, refused) => {
  expect(isRefused("deployer", "keycloak_role", "create", change)).toBe(refused);
});

test("the deployer may change no group", () => {
  expect(isRefused("deployer", "keycloak_group", "update")).toBe(true);
  expect(isRefused("deployer", "keycloak_group_roles", "update")).toBe(true);
});

test("the deployer may change clients, client scopes and their mappers, and nothing else of the whole provider", () => {
  const file = "packages/provider-keycloak/schema.json";
  const { provider_schemas } = JSON.parse(readFileSync(file, "utf8")) as {
    provider_schemas: Readonly<Record<string, { resource_schemas: object }>>;
  };
  const types = Object.values(provider_schemas).flatMap(({ resource_schemas }) =>
    Object.keys(resource_schemas),
  );
  const allowed = types.filter((type) => !isRefused("deployer", type, "create"));
  const mappers = types.filter((type) => type.endsWith("_protocol_mapper"));
  expect(allowed).toEqual(expect.arrayContaining(mappers));
  expect(allowed.filter((type) => !mappers.includes(type)).sort()).toEqual([
    "keycloak_generic_client_role_mapper",
    "keycloak_generic_role_mapper",
    "keycloak_openid_client",
    "keycloak_openid_client_default_scopes",
    "keycloak_openid_client_optional_scopes",
    "keycloak_openid_client_scope",
    "keycloak_saml_client",
    "keycloak_saml_client_default_scopes",
    "keycloak_saml_client_scope",
  ]);
});
