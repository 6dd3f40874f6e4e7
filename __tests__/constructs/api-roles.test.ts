import { describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../constructs/backend-client.ts";
import { CustomerClient } from "../../constructs/customer-client.ts";
import type { RolePermissions } from "../../constructs/declaration.ts";
import { FrontendClient } from "../../constructs/frontend-client.ts";
import type { RealmStack } from "../../constructs/realm-stack.ts";
import { only, realm, realmWithCustomers, resources, synthesized } from "./atlas.ts";

const permissions = ["orders:read", "orders:write"];
const bothRoles = { clerk: ["orders:read"], manager: permissions };

function realmWithRoles(roles: RolePermissions = bothRoles): RealmStack {
  const stack = realm();
  new BackendClient(stack, "atlas-api", { permissions, roles });
  new BackendClient(stack, "billing", { permissions: ["invoices:read"] });
  new FrontendClient(stack, "atlas-frontend", {
    redirectUris: ["https://app.example.com/"],
    access: { "atlas-api": permissions, billing: [] },
  });
  return stack;
}

/** The reference to a role of the API. */
function roleId(stack: RealmStack, name: string): string {
  const [address] = Object.entries(resources(stack, "role")).find(
    ([, role]) => role.name === name,
  ) ?? [""];
  return `\${keycloak_role.${address}.id}`;
}

test("a permission is a role of the API's client, and a role is a composite of its permissions", () => {
  const stack = realmWithRoles();
  const ofApi = {
    realm_id: "${keycloak_realm.realm.id}",
    client_id: "${keycloak_openid_client.atlas-api_2377EE78.id}",
    lifecycle: { prevent_destroy: true },
  };
  const read = roleId(stack, "orders:read");
  const write = roleId(stack, "orders:write");
  expect(Object.values(resources(stack, "role"))).toEqual(
    expect.arrayContaining([
      { ...ofApi, name: "orders:read", composite_roles: [] },
      { ...ofApi, name: "orders:write", composite_roles: [] },
      { ...ofApi, name: "clerk", composite_roles: [read] },
      { ...ofApi, name: "manager", composite_roles: [read, write] },
    ]),
  );
  expect(Object.keys(resources(stack, "role"))).toHaveLength(5);
});

test("a client scope adds the permissions of a person's roles to access and ID tokens, in one claim", () => {
  const stack = realmWithRoles();
  expect(only(stack, "openid_client_scope", { name: "atlas-api-roles" })).toMatchObject({
    include_in_token_scope: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(Object.values(resources(stack, "openid_user_client_role_protocol_mapper"))).toEqual([
    expect.objectContaining({
      client_id_for_role_mappings: "${keycloak_openid_client.atlas-api_2377EE78.client_id}",
      claim_name: "permissions",
      multivalued: true,
      add_to_access_token: true,
      add_to_id_token: true,
      add_to_userinfo: false,
      lifecycle: { prevent_destroy: true },
    }),
  ]);
});

test("tokens may contain the permissions of an API, by one role that nobody has", () => {
  const stack = realmWithRoles();
  expect(only(stack, "role", { name: "all-permissions" }).composite_roles).toEqual([
    ...[roleId(stack, "orders:read"), roleId(stack, "orders:write")],
  ]);
  expect(
    Object.values(resources(stack, "generic_role_mapper")).map(({ role_id }) => role_id),
  ).toEqual([roleId(stack, "all-permissions")]);
});

test("a frontend has the scopes of the roles of the APIs that it calls", () => {
  const [list] = Object.values(resources(realmWithRoles(), "openid_client_default_scopes"));
  const scopes = list?.default_scopes as string[];
  expect(scopes.filter((scope) => scope.includes("_roles_"))).toEqual([
    "${keycloak_openid_client_scope.atlas-api_roles_4BD84A5A.name}",
  ]);
});

test("a customer's client is the same with roles and without", () => {
  const customer = (roles?: RolePermissions) => {
    const stack = realm();
    new BackendClient(stack, "atlas-api", { permissions, ...(roles && { roles }) });
    new CustomerClient(stack, "acme", {
      ...{ name: "Acme", contact: "api@acme.example", access: { "atlas-api": permissions } },
    });
    return Object.values(synthesized(stack).resource)
      .flatMap((all) => Object.entries(all))
      .filter(([address]) => address.startsWith("acme"));
  };
  expect(customer()).toHaveLength(2);
  expect(customer(bothRoles)).toEqual(customer());
});

test("a realm without roles has no role, and no claim of roles", () => {
  expect(Object.keys(synthesized(realmWithCustomers([["acme"]])).resource)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/role/)]),
  );
});

test("roles with similar construct ids create separate roles", () => {
  const names = ["a/b", "a--b", "a:b", "ab", "a%2Fb", "constructor", "__proto__", "Resource"];
  const roles = Object.fromEntries(names.map((name) => [name, ["orders:read"]]));
  const found = Object.values(resources(realmWithRoles(roles), "role")).map(({ name }) => name);
  expect(found.sort()).toEqual([...names, ...permissions, "all-permissions"].sort());
});

describe("the synthesis refuses", () => {
  const refused: readonly (readonly [what: string, roles: RolePermissions, problem: string])[] = [
    [
      "a misspelled permission",
      { clerk: ["order:read"] },
      'role "clerk" grants the unknown permission "order:read"; did you mean "orders:read"?',
    ],
    [
      "a permission of another API",
      { clerk: ["invoices:read"] },
      'role "clerk" grants the unknown permission "invoices:read"; known: "orders:read", "orders:write"',
    ],
    [
      "a role without a permission",
      { clerk: [] },
      'role "clerk" grants no permission; name at least one of "orders:read", "orders:write"',
    ],
    ["no role at all", {}, "roles names no role; name at least one, or leave roles out"],
    [
      "the name of a permission",
      { "orders:read": ["orders:read"] },
      'role "orders:read" has the name of a permission, which is a role of its own; choose another',
    ],
    [
      "a name that Keycloak uses itself",
      { uma_protection: ["orders:read"] },
      'role "uma_protection" is reserved; choose another',
    ],
    [
      "the name of the role of all permissions",
      { "all-permissions": permissions },
      'role "all-permissions" is reserved; choose another',
    ],
    [
      "a name with spaces around it",
      { "clerk ": ["orders:read"] },
      'role "clerk " is blank or has spaces around it',
    ],
    [
      "a name that Terraform would evaluate",
      { "${clerk}": ["orders:read"] },
      'role "${clerk}" contains "${", which Terraform would evaluate; remove it',
    ],
  ];

  test.each(refused)("%s", (_, roles, problem) => {
    expect(() => synthesized(realmWithRoles(roles))).toThrow(`atlas/atlas-api/roles  ${problem}`);
  });

  test("a permission whose scope has the name of the roles' scope", () => {
    const stack = realmWithRoles();
    new BackendClient(stack, "other", { permissions: ["atlas-api-roles"] });
    expect(() => synthesized(stack)).toThrow(
      'client scope "atlas-api-roles" is taken by atlas/atlas-api/roles; choose another',
    );
  });
});
