import { describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { only, realm, realmWithApis, resources, synthesized } from "../atlas.ts";

const realmWithPermissions = (...permissions: string[]) => {
  const stack = realm();
  new BackendClient(stack, "api", { permissions });
  return stack;
};

const scopeNames = (...permissions: string[]) =>
  Object.values(resources(realmWithPermissions(...permissions), "openid_client_scope")).map(
    ({ name }) => name,
  );

test("a permission is a client scope that appears in a token's scope and cannot be destroyed", () => {
  expect(only(realmWithApis(), "openid_client_scope", { name: "orders:read" })).toEqual({
    realm_id: "${keycloak_realm.realm.id}",
    name: "orders:read",
    include_in_token_scope: true,
    include_in_openid_provider_metadata: true,
    lifecycle: { prevent_destroy: true },
  });
});

test("a permission that is listed twice creates one scope", () => {
  expect(scopeNames("orders:read", "orders:read").sort()).toEqual(["api-audience", "orders:read"]);
});

test("permissions with similar construct ids create separate scopes", () => {
  const permissions = ["a/b", "a--b", "a:b", "ab", "a%2Fb", "constructor", "__proto__", "resource"];
  expect(scopeNames(...permissions).sort()).toEqual(["api-audience", ...permissions].sort());
});

test("a permission accepts any scope-token of RFC 6749", () => {
  const permissions = ["!", "#", "[", "]", "~", "https://api.example.com/orders.read", "$", "%"];
  expect(scopeNames(...permissions).sort()).toEqual(["api-audience", ...permissions].sort());
});

describe("permissions that are not valid", () => {
  const notScopeToken = (quoted: string) =>
    `permission ${quoted} is not a scope-token (RFC 6749, section 3.3); use printable ASCII without space, " and \\, such as "orders:read"`;

  test.each([
    ["orders read", notScopeToken('"orders read"')],
    ["", notScopeToken('""')],
    ["bestellungen:löschen", notScopeToken('"bestellungen:löschen"')],
    ['a"b', notScopeToken('"a\\"b"')],
    ["a\\b", notScopeToken('"a\\\\b"')],
    ["a\nb", notScopeToken('"a\\nb"')],
    ["a\u202Eb", notScopeToken('"a\\u202eb"')],
    ["profile", 'client scope "profile" is reserved; choose another'],
    ["openid", 'client scope "openid" is reserved; choose another'],
    ["offline_access", 'client scope "offline_access" is reserved; choose another'],
    ["${x}", 'client scope "${x}" contains "${", which Terraform would evaluate; remove it'],
    ["%{x}", 'client scope "%{x}" contains "%{", which Terraform would evaluate; remove it'],
    [
      "${TfToken[TOKEN.9999]}",
      'client scope "${TfToken[TOKEN.9999]}" contains "${", which Terraform would evaluate; remove it',
    ],
  ])("refuses the permission %j", (permission, problem) => {
    expect(() => synthesized(realmWithPermissions(permission))).toThrow(
      new Error(`atlas is not valid: 1 problem\n  atlas/api/permissions  ${problem}`),
    );
  });

  test("refuses a permission that belongs to another API", () => {
    const stack = realmWithApis();
    new BackendClient(stack, "other", { permissions: ["orders:read"] });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/other/permissions  client scope "orders:read" is taken by atlas/atlas-api/permissions; choose another',
      ),
    );
  });

  test("refuses a permission with the name of an audience scope", () => {
    const stack = realmWithApis();
    new BackendClient(stack, "other", { permissions: ["billing-audience"] });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/other/permissions  client scope "billing-audience" is taken by atlas/billing/audience; choose another',
      ),
    );
  });
});
