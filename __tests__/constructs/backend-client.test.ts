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

test("an API's client can obtain no token and cannot be destroyed", () => {
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

test("an API accepts a client id and a name that differ from the construct id", () => {
  const stack = realmWith("api", { clientId: "atlas-api", name: "Atlas API" });
  expect(only(stack, "openid_client", { client_id: "atlas-api" })).toHaveProperty(
    "name",
    "Atlas API",
  );
  expect(stack.contents.apiIds).toContain("atlas-api");
});

test("an API creates a client, an audience scope with a mapper, and a scope per permission", () => {
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

test("several APIs each have an audience scope and permissions", () => {
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

test("the JSON contains no secret, only the expression with which terraform generates one", () => {
  const stack = realmWithCustomers([["acme"], ["globex"]]);
  const clients = Object.values(resources(stack, "openid_client"));
  expect(clients.map((client) => client.client_secret_wo)).toEqual(
    clients.map(() => '${sha256("${uuid()}${uuid()}")}'),
  );
  expect(JSON.stringify(synthesized(stack))).not.toContain('"client_secret":');
});

describe("APIs that are not valid", () => {
  test.each([
    [
      "a template as name",
      realmWith("api", { name: "${TfToken[TOKEN.9999]}" }),
      'atlas is not valid: 1 problem\n  atlas/api  name "${TfToken[TOKEN.9999]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a client id that Keycloak reserves",
      realmWith("broker"),
      'atlas is not valid: 1 problem\n  atlas/broker  client id "broker" is reserved; choose another',
    ],
    [
      "the deployer's client id",
      realmWith("api", { clientId: "deployer" }),
      'atlas is not valid: 1 problem\n  atlas/api  client id "deployer" is reserved; choose another',
    ],
  ])("refuses an API with %s", (_, stack, message) => {
    expect(() => synthesized(stack)).toThrow(new Error(message));
  });

  test("refuses an API with the client id of another API", () => {
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
