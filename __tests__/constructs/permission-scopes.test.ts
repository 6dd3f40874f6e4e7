import { describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../constructs/backend-client.ts";
import { only, realm, realmWithApis, resources, synthesized } from "./atlas.ts";

const realmWithPermissions = (...permissions: string[]) => {
  const stack = realm();
  new BackendClient(stack, "api", { permissions });
  return stack;
};

const scopeNames = (...permissions: string[]) =>
  Object.values(resources(realmWithPermissions(...permissions), "openid_client_scope")).map(
    ({ name }) => name,
  );

test("a permission is a client scope shown in a token's scope, and cannot be destroyed", () => {
  expect(only(realmWithApis(), "openid_client_scope", { name: "orders:read" })).toEqual({
    realm_id: "${keycloak_realm.realm.id}",
    name: "orders:read",
    include_in_token_scope: true,
    include_in_openid_provider_metadata: true,
    lifecycle: { prevent_destroy: true },
  });
});

test("a permission named twice is one scope", () => {
  expect(scopeNames("orders:read", "orders:read").sort()).toEqual(["api-audience", "orders:read"]);
});

test("permissions that look alike to cdktf are scopes of their own", () => {
  const permissions = ["a/b", "a--b", "a:b", "ab", "a%2Fb", "constructor", "__proto__", "resource"];
  expect(scopeNames(...permissions).sort()).toEqual(["api-audience", ...permissions].sort());
});

test("a permission may be any scope-token of RFC 6749", () => {
  const permissions = ["!", "#", "[", "]", "~", "https://api.example.com/orders.read", "$", "%"];
  expect(scopeNames(...permissions).sort()).toEqual(["api-audience", ...permissions].sort());
});

describe("misuse of a permission", () => {
  const noToken = (quoted: string) =>
    `permission ${quoted} is no scope-token (RFC 6749, section 3.3); use printable ASCII without space, " and \\, such as "orders:read"`;

  test.each([
    ["orders read", noToken('"orders read"')],
    ["", noToken('""')],
    ["bestellungen:löschen", noToken('"bestellungen:löschen"')],
    ['a"b', noToken('"a\\"b"')],
    ["a\\b", noToken('"a\\\\b"')],
    ["a\nb", noToken('"a\\nb"')],
    ["a\u202Eb", noToken('"a\\u202eb"')],
    ["profile", 'client scope "profile" is Keycloak\'s own; choose another'],
    ["openid", 'client scope "openid" is Keycloak\'s own; choose another'],
    ["offline_access", 'client scope "offline_access" is Keycloak\'s own; choose another'],
    ["${x}", 'client scope "${x}" holds "${", which Terraform would evaluate; write it without'],
    ["%{x}", 'client scope "%{x}" holds "%{", which Terraform would evaluate; write it without'],
    [
      "${TfToken[TOKEN.9999]}",
      'client scope "${TfToken[TOKEN.9999]}" holds "${", which Terraform would evaluate; write it without',
    ],
  ])("is an error: %j", (permission, problem) => {
    expect(() => synthesized(realmWithPermissions(permission))).toThrow(
      new Error(`atlas is not valid: 1 problem\n  atlas/api/permissions  ${problem}`),
    );
  });

  test("is an error: one permission in two APIs", () => {
    const stack = realmWithApis();
    new BackendClient(stack, "other", { permissions: ["orders:read"] });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/other/permissions  client scope "orders:read" is taken by atlas/atlas-api/permissions; choose another',
      ),
    );
  });

  test("is an error: a permission with an audience scope's name", () => {
    const stack = realmWithApis();
    new BackendClient(stack, "other", { permissions: ["billing-audience"] });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/other/permissions  client scope "billing-audience" is taken by atlas/billing/audience; choose another',
      ),
    );
  });
});
