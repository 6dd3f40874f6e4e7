import { expect, test } from "@jest/globals";
import type { AuthenticationMethod } from "../../../constructs/authentication/authentication.ts";
import { BackendClient } from "../../../constructs/backend-client.ts";
import type { Permission } from "../../../constructs/scopes/permission-scopes.ts";
import { counts, only, realm, resources, synthesized } from "../atlas.ts";

const realmWithPermissions = (...permissions: Permission[]) => {
  const stack = realm();
  new BackendClient(stack, "api", { permissions });
  return stack;
};

const demanding = (...requires: string[]): Permission => ({
  name: "orders:write",
  requires: requires as AuthenticationMethod[],
});

test("a permission that demands a method has one policy, for the clients that have its scope", () => {
  const stack = realmWithPermissions("orders:read", demanding("private_key_jwt", "federated_jwt"));
  const name = "authentication-orders:write";
  expect(counts(stack)).toMatchObject({
    keycloak_realm_client_policy_profile: 1,
    keycloak_realm_client_policy_profile_policy: 1,
  });
  expect(only(stack, "realm_client_policy_profile", { name })).toEqual({
    realm_id: "${keycloak_realm.realm.id}",
    name,
    depends_on: [],
    executor: [
      {
        name: "secure-client-authenticator",
        configuration: {
          "allowed-client-authenticators": '["client-jwt","federated-jwt"]',
        },
      },
    ],
  });
  const [scope] = Object.entries(resources(stack, "openid_client_scope")).filter(
    ([, values]) => values.name === "orders:write",
  );
  const [profile] = Object.keys(resources(stack, "realm_client_policy_profile"));
  expect(only(stack, "realm_client_policy_profile_policy", { name })).toEqual({
    realm_id: "${keycloak_realm.realm.id}",
    name,
    enabled: true,
    profiles: [`\${keycloak_realm_client_policy_profile.${profile}.name}`],
    condition: [
      {
        name: "client-scopes",
        configuration: {
          scopes: `\${jsonencode([keycloak_openid_client_scope.${scope?.[0]}.name])}`,
          type: "Any",
        },
      },
    ],
  });
});

test("a permission that demands nothing has no policy", () => {
  expect(counts(realmWithPermissions("orders:read"))).not.toHaveProperty(
    "keycloak_realm_client_policy_profile",
  );
});

test("policies are created one after the other", () => {
  const stack = realmWithPermissions(demanding("private_key_jwt"), {
    name: "orders:delete",
    requires: ["tls_client_auth"],
  });
  const dependenciesOf = (permission: string) =>
    only(stack, "realm_client_policy_profile", { name: `authentication-${permission}` }).depends_on;
  expect(dependenciesOf("orders:write")).toEqual([]);
  expect(dependenciesOf("orders:delete")).toEqual([
    expect.stringMatching(/^keycloak_realm_client_policy_profile_policy\..*orderswrite_policy_/),
  ]);
});

test("the declaration has the methods that a permission demands", () => {
  const { declaration } = realmWithPermissions("orders:read", demanding("tls_client_auth"));
  expect(declaration.requires).toEqual({ "orders:write": ["tls_client_auth"] });
  expect(declaration.apis).toEqual({ api: ["orders:read", "orders:write"] });
});

const what = 'permission "orders:write"';

test.each<[string, Permission[], string]>([
  [
    "an unknown method",
    [demanding("private_key_jtw")],
    `${what} requires an unknown method "private_key_jtw"; did you mean "private_key_jwt"?`,
  ],
  [
    "a word that is near no method",
    [demanding("kerberos")],
    `${what} requires an unknown method "kerberos"; known: "client_secret", "private_key_jwt", "tls_client_auth", "federated_jwt"`,
  ],
  [
    "a method that is not in a list",
    [{ name: "orders:write", requires: "private_key_jwt" } as never],
    `${what}: "requires" must be a list of methods, such as ["private_key_jwt"]`,
  ],
  [
    "a misspelled field",
    [{ name: "orders:write", require: ["private_key_jwt"] } as never],
    `${what}: "requires" must be a list of methods, such as ["private_key_jwt"]`,
  ],
  [
    "a list of something else",
    [{ name: "orders:write", requires: [5] } as never],
    `${what}: "requires" must be a list of methods, such as ["private_key_jwt"]`,
  ],
  [
    "no method",
    [demanding()],
    `${what} requires no method; name some, or write the permission without "requires"`,
  ],
  [
    "a method twice",
    [demanding("private_key_jwt", "private_key_jwt")],
    `${what} requires "private_key_jwt" twice; remove one`,
  ],
  [
    "a permission twice, once with a method",
    ["orders:write", demanding("private_key_jwt")],
    `${what} is listed twice; remove one`,
  ],
])("refuses %s", (_, permissions, problem) => {
  expect(() => synthesized(realmWithPermissions(...permissions))).toThrow(
    new Error(`atlas is not valid: 1 problem\n  atlas/api/permissions  ${problem}`),
  );
});
