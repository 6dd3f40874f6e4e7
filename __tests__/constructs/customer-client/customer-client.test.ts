import { describe, expect, test } from "@jest/globals";
import {
  counts,
  only,
  realmWithApis,
  realmWithCustomers,
  resources,
  synthesized,
} from "../atlas.ts";

const scopes = {
  atlasAudience: "${keycloak_openid_client_scope.atlas-api_audience_0F795C08.name}",
  billingAudience: "${keycloak_openid_client_scope.billing_audience_34BFE94B.name}",
  read: "${keycloak_openid_client_scope.atlas-api_permissions_scopeordersread_2E777D99.name}",
  write: "${keycloak_openid_client_scope.atlas-api_permissions_scopeorderswrite_F038F8EB.name}",
};

describe("a customer's client", () => {
  test("has only the client credentials grant enabled", () => {
    const stack = realmWithCustomers([["acme"]]);
    expect(only(stack, "openid_client", { client_id: "acme" })).toEqual({
      realm_id: "${keycloak_realm.realm.id}",
      client_id: "acme",
      name: "Acme Corp",
      enabled: true,
      access_type: "CONFIDENTIAL",
      client_authenticator_type: "client-secret",
      client_secret_wo: '${sha256("${uuid()}${uuid()}")}',
      client_secret_wo_version: "1",
      standard_flow_enabled: false,
      implicit_flow_enabled: false,
      direct_access_grants_enabled: false,
      require_dpop_bound_tokens: false,
      service_accounts_enabled: true,
      oauth2_device_authorization_grant_enabled: false,
      standard_token_exchange_enabled: false,
      full_scope_allowed: false,
      extra_config: { contact: "api@acme.example" },
      depends_on: [
        "keycloak_realm_events.events",
        "keycloak_realm_default_client_scopes.default-scopes",
        "keycloak_realm_optional_client_scopes.optional-scopes",
      ],
    });
  });

  test("is disabled and keeps its scopes if the customer is suspended", () => {
    const suspended = realmWithCustomers([["acme", { enabled: false }]]);
    const enabled = realmWithCustomers([["acme"]]);
    expect(only(suspended, "openid_client", { client_id: "acme" })).toEqual({
      ...only(enabled, "openid_client", { client_id: "acme" }),
      enabled: false,
    });
    expect(resources(suspended, "openid_client_default_scopes")).toEqual(
      resources(enabled, "openid_client_default_scopes"),
    );
  });

  test("can be destroyed, unlike the realm, APIs and client scopes", () => {
    const protectedTypes = Object.entries(synthesized(realmWithCustomers([["acme"]])).resource)
      .flatMap(([type, all]) =>
        Object.entries(all).map(([name, resource]) => ({ type, name, resource })),
      )
      .filter(({ resource }) => "lifecycle" in resource)
      .map(({ type, name }) => `${type}.${name}`);
    expect(protectedTypes.sort()).toEqual([
      "keycloak_openid_audience_protocol_mapper.atlas-api_audience_mapper_10BCB68F",
      "keycloak_openid_audience_protocol_mapper.billing_audience_mapper_4E1A809B",
      "keycloak_openid_client.atlas-api_2377EE78",
      "keycloak_openid_client.billing_43250593",
      "keycloak_openid_client_scope.atlas-api_audience_0F795C08",
      "keycloak_openid_client_scope.atlas-api_permissions_scopeordersread_2E777D99",
      "keycloak_openid_client_scope.atlas-api_permissions_scopeorderswrite_F038F8EB",
      "keycloak_openid_client_scope.billing_audience_34BFE94B",
      "keycloak_realm.realm",
    ]);
  });
});

describe("a customer's scopes", () => {
  const scopesOf = (access: Record<string, string[]>) =>
    resources(realmWithCustomers([["acme", { access }]]), "openid_client_default_scopes");

  test("are basic, service_account, the API's audience and the permissions", () => {
    expect(scopesOf({ "atlas-api": ["orders:read"] })).toEqual({
      "customers_acme_default-scopes_ADE6E088": {
        realm_id: "${keycloak_realm.realm.id}",
        client_id: "${keycloak_openid_client.customers_acme_FFAD3FA6.id}",
        default_scopes: ["basic", "service_account", scopes.atlasAudience, scopes.read],
      },
    });
  });

  test.each([
    ["only an audience without a permission", { billing: [] }, [scopes.billingAudience]],
    [
      "two audiences for two APIs",
      { "atlas-api": ["orders:write"], billing: [] },
      [scopes.atlasAudience, scopes.write, scopes.billingAudience],
    ],
    [
      "a permission once if it is listed twice",
      { "atlas-api": ["orders:read", "orders:read"] },
      [scopes.atlasAudience, scopes.read],
    ],
  ])("are %s", (_, access, expected) => {
    expect(Object.values(scopesOf(access)).map((resource) => resource.default_scopes)).toEqual([
      ["basic", "service_account", ...expected],
    ]);
  });
});

test("a customer creates two resources", () => {
  const none = counts(realmWithApis());
  expect(counts(realmWithCustomers([["acme"], ["globex"]]))).toEqual({
    ...none,
    keycloak_openid_client: 4,
    keycloak_openid_client_default_scopes: 2,
  });
});
