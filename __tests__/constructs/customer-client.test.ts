import { describe, expect, test } from "@jest/globals";
import { Construct } from "constructs";
import { CustomerClient } from "../../constructs/customer-client.ts";
import {
  addresses,
  counts,
  only,
  realmWithApis,
  realmWithCustomers,
  resources,
  synthesized,
} from "./atlas.ts";

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

describe("a customer's address", () => {
  const of = (stack: Parameters<typeof addresses>[0]) =>
    addresses(stack).filter((address) => address.includes(".customers_"));

  test("never changes between versions of the project", () => {
    expect(of(realmWithCustomers([["acme"], ["globex"]])).sort()).toEqual([
      "keycloak_openid_client.customers_acme_FFAD3FA6",
      "keycloak_openid_client.customers_globex_FE5C36BB",
      "keycloak_openid_client_default_scopes.customers_acme_default-scopes_ADE6E088",
      "keycloak_openid_client_default_scopes.customers_globex_default-scopes_0FC29016",
    ]);
  });

  test.each([
    ["inserted first", ["aaa", "acme", "globex"], "aaa"],
    ["inserted between", ["acme", "bbb", "globex"], "bbb"],
    ["moved in the file", ["globex", "acme"], undefined],
  ])("stays the same if another customer is %s", (_, ids, added) => {
    const before = synthesized(realmWithCustomers([["acme"], ["globex"]])).resource;
    const after = synthesized(realmWithCustomers(ids.map((id) => [id]))).resource;
    const kept = Object.entries(after).map(([type, all]) => [
      type,
      Object.fromEntries(
        Object.entries(all).filter(([name]) => !added || !name.startsWith(`customers_${added}_`)),
      ),
    ]);
    expect(Object.fromEntries(kept)).toEqual(before);
  });

  test("stays the same if another customer is removed", () => {
    const both = of(realmWithCustomers([["acme"], ["globex"]]));
    const one = of(realmWithCustomers([["globex"]]));
    expect(one).toHaveLength(2);
    expect(both).toEqual(expect.arrayContaining(one));
  });

  test("depends on the id only", () => {
    const changed = realmWithCustomers([
      [
        "acme",
        { name: "Other", contact: "x@other.example", enabled: false, access: { billing: [] } },
      ],
    ]);
    expect(of(changed)).toEqual(of(realmWithCustomers([["acme"]])));
  });

  test("is unique for ids with a meaning in JavaScript, constructs or cdktf", () => {
    const ids = [
      "atlas",
      "backend",
      "constructor",
      "customers",
      "default-scopes",
      "has-own-property",
      "hasOwnProperty",
      "prototype",
      "realm",
      "resource",
      "Resource",
      "toString",
      "valueOf",
      "__proto__",
      "a--b",
      "a/b",
      "a-b",
      "ab",
    ];
    const stack = realmWithCustomers(ids.map((id) => [id]));
    expect(new Set(of(stack)).size).toBe(2 * ids.length);
    const clientIds = Object.values(resources(stack, "openid_client")).map(
      (client) => client.client_id,
    );
    expect(clientIds.sort()).toEqual([...ids, "atlas-api", "billing"].sort());
    expect(Object.keys(stack.declaration.customers).sort()).toEqual([...ids].sort());
  });
});

describe("customers that are not valid", () => {
  test.each([
    [
      "no API",
      "acme",
      { access: {} },
      'access names no API; name at least one of "atlas-api", "billing"',
    ],
    [
      "an undeclared API",
      "acme",
      { access: { stock: [] } },
      'unknown API "stock"; known: "atlas-api", "billing"; declare it with a BackendClient',
    ],
    [
      "a misspelled API",
      "acme",
      { access: { "atlas-ap": [] } },
      'unknown API "atlas-ap"; did you mean "atlas-api"?',
    ],
    [
      "an API named like a property of every object",
      "acme",
      { access: { constructor: [] } },
      'unknown API "constructor"; known: "atlas-api", "billing"; declare it with a BackendClient',
    ],
    [
      "an unknown permission",
      "acme",
      { access: { "atlas-api": ["admin"] } },
      'unknown permission "admin" of atlas-api; known: "orders:read", "orders:write"',
    ],
    [
      "a misspelled permission",
      "acme",
      { access: { "atlas-api": ["order:read"] } },
      'unknown permission "order:read" of atlas-api; did you mean "orders:read"?',
    ],
    [
      "a permission of another API",
      "acme",
      { access: { billing: ["orders:read"] } },
      'unknown permission "orders:read" of billing; known: none',
    ],
    [
      "a template as name",
      "acme",
      { name: "Acme ${var.x}" },
      'name "Acme ${var.x}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a directive as name",
      "acme",
      { name: "100%{if true}" },
      'name "100%{if true}" contains "%{", which Terraform would evaluate; remove it',
    ],
    [
      "a cdktf token as name",
      "acme",
      { name: "${TfToken[TOKEN.0]}" },
      'name "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "an unknown cdktf token as name",
      "acme",
      { name: "${TfToken[TOKEN.99999]}" },
      'name "${TfToken[TOKEN.99999]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a template as contact",
      "acme",
      { contact: "${x}@acme.example" },
      'contact "${x}@acme.example" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a client id that Keycloak reserves",
      "account",
      {},
      'client id "account" is reserved; choose another',
    ],
    [
      "the deployer's client id",
      "deployer",
      {},
      'client id "deployer" is reserved; choose another',
    ],
    [
      "an API's client id",
      "atlas-api",
      {},
      'client id "atlas-api" is taken by atlas/atlas-api; choose another',
    ],
  ])("refuses a customer with %s", (_, id, props, problem) => {
    expect(() => synthesized(realmWithCustomers([[id, props]]))).toThrow(
      new Error(`atlas is not valid: 1 problem\n  atlas/customers/@${id}  ${problem}`),
    );
  });

  test("refuses a customer with a cdktf token as id", () => {
    expect(() => synthesized(realmWithCustomers([["${TfToken[TOKEN.0]}"]]))).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/customers/@%24{TfToken[TOKEN.0]}  client id "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
      ),
    );
  });

  test("refuses a customer with the id of another customer", () => {
    const stack = realmWithCustomers([["acme"]]);
    new CustomerClient(new Construct(stack, "partners"), "acme", {
      name: "Acme",
      contact: "api@acme.example",
      access: { billing: [] },
    });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/partners/@acme  client id "acme" is taken by atlas/customers/@acme; choose another',
      ),
    );
  });
});
