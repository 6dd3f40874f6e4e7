import { describe, expect, test } from "@jest/globals";
import { BackendClient, type BackendClientProps } from "../../constructs/backend-client.ts";
import {
  counts,
  only,
  realm,
  realmWithApis,
  realmWithCustomers,
  resources,
  synthesized,
} from "./atlas.ts";

const realmWith = (id: string, props: Partial<BackendClientProps> = {}) => {
  const stack = realm();
  new BackendClient(stack, id, { permissions: [], ...props });
  return stack;
};

test("a backend's client can obtain no token, and cannot be destroyed", () => {
  expect(resources(realmWith("atlas-api"), "openid_client")).toEqual({
    "atlas-api_2377EE78": {
      realm_id: "${keycloak_realm.realm.id}",
      client_id: "atlas-api",
      name: "atlas-api",
      access_type: "CONFIDENTIAL",
      client_authenticator_type: "client-secret",
      client_secret_wo: '${sha256("${uuid()}${uuid()}")}',
      client_secret_wo_version: "1",
      standard_flow_enabled: false,
      implicit_flow_enabled: false,
      direct_access_grants_enabled: false,
      service_accounts_enabled: false,
      oauth2_device_authorization_grant_enabled: false,
      standard_token_exchange_enabled: false,
      full_scope_allowed: false,
      depends_on: [
        "keycloak_realm_events.events",
        "keycloak_realm_default_client_scopes.default-scopes",
        "keycloak_realm_optional_client_scopes.optional-scopes",
      ],
      lifecycle: { prevent_destroy: true },
    },
  });
});

test("a backend may have a client id and a name of its own", () => {
  const stack = realmWith("api", { clientId: "atlas-api", name: "Atlas API" });
  expect(only(stack, "openid_client", { client_id: "atlas-api" })).toHaveProperty(
    "name",
    "Atlas API",
  );
  expect(stack.apiIds).toContain("atlas-api");
});

test("a backend is a client, an audience with its mapper, and a scope per permission", () => {
  expect(counts(realmWith("atlas-api", { permissions: ["orders:read", "orders:write"] }))).toEqual({
    keycloak_realm: 1,
    keycloak_realm_events: 1,
    keycloak_realm_default_client_scopes: 1,
    keycloak_realm_optional_client_scopes: 1,
    keycloak_openid_client: 1,
    keycloak_openid_client_scope: 3,
    keycloak_openid_audience_protocol_mapper: 1,
  });
});

test("several backends have an audience and permissions each", () => {
  const stack = realmWithApis();
  new BackendClient(stack, "stock", { permissions: ["stock:read"] });
  const names = Object.values(resources(stack, "openid_client_scope")).map(({ name }) => name);
  expect(names.sort()).toEqual([
    "atlas-api-audience",
    "billing-audience",
    "orders:read",
    "orders:write",
    "stock-audience",
    "stock:read",
  ]);
  expect(stack.declaration.apis).toEqual({
    "atlas-api": ["orders:read", "orders:write"],
    billing: [],
    stock: ["stock:read"],
  });
});

test("no secret is in the JSON but the expression that has terraform make one up", () => {
  const stack = realmWithCustomers([["acme"], ["globex"]]);
  const clients = Object.values(resources(stack, "openid_client"));
  expect(clients.map((client) => client.client_secret_wo)).toEqual(
    clients.map(() => '${sha256("${uuid()}${uuid()}")}'),
  );
  expect(JSON.stringify(synthesized(stack))).not.toContain('"client_secret":');
});

describe("misuse of a backend", () => {
  test.each([
    [
      "a template as name",
      realmWith("api", { name: "${TfToken[TOKEN.9999]}" }),
      'atlas is not valid: 1 problem\n  atlas/api  name "${TfToken[TOKEN.9999]}" holds "${", which Terraform would evaluate; write it without',
    ],
    [
      "a client id that Keycloak uses",
      realmWith("broker"),
      'atlas is not valid: 1 problem\n  atlas/broker  client id "broker" is Keycloak\'s own; choose another',
    ],
    [
      "the deployer's client id",
      realmWith("api", { clientId: "deployer" }),
      'atlas is not valid: 1 problem\n  atlas/api  client id "deployer" is Keycloak\'s own; choose another',
    ],
  ])("is an error: %s", (_, stack, message) => {
    expect(() => synthesized(stack)).toThrow(new Error(message));
  });

  test("is an error: two backends with one client id", () => {
    const stack = realmWithApis();
    new BackendClient(stack, "again", { clientId: "billing", permissions: [] });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        [
          "atlas is not valid: 2 problems",
          '  atlas/again           client id "billing" is taken by atlas/billing; choose another',
          '  atlas/again/audience  client scope "billing-audience" is taken by atlas/billing/audience; choose another',
        ].join("\n"),
      ),
    );
  });
});
