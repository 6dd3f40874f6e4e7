import { describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../constructs/backend-client.ts";
import { GroupRoles, type GroupRolesProps } from "../../constructs/group-roles.ts";
import { RealmStack } from "../../constructs/realm-stack.ts";
import { app, only, realm, resources, synthesized } from "./atlas.ts";

function addApis(stack: RealmStack): RealmStack {
  const permissions = ["orders:read"];
  new BackendClient(stack, "atlas-api", { permissions, roles: { clerk: permissions } });
  new BackendClient(stack, "billing", {
    permissions: ["invoices:read"],
    roles: { clerk: ["invoices:read"] },
  });
  new BackendClient(stack, "reports", { permissions: [] });
  return stack;
}

function realmWithGroups(...groups: readonly GroupRolesProps[]): RealmStack {
  const stack = addApis(realm());
  for (const [index, group] of groups.entries()) new GroupRoles(stack, `group${index}`, group);
  return stack;
}

const clerks = { group: "/clerks", access: { "atlas-api": ["clerk"] } };
const clerkOf = (api: string) => expect.stringMatching(`keycloak_role.${api}_roles_roleclerk_`);

test("a group has exactly the declared roles, and cannot be destroyed", () => {
  const stack = realmWithGroups({
    group: "/clerks",
    access: { "atlas-api": ["clerk"], billing: ["clerk"] },
  });
  expect(only(stack, "group", { name: "clerks" })).toEqual({
    realm_id: "${keycloak_realm.realm.id}",
    name: "clerks",
    lifecycle: { prevent_destroy: true },
  });
  expect(Object.values(resources(stack, "group_roles"))).toEqual([
    {
      realm_id: "${keycloak_realm.realm.id}",
      group_id: expect.stringContaining("keycloak_group.group0_"),
      exhaustive: true,
      role_ids: [clerkOf("atlas-api"), clerkOf("billing")],
      lifecycle: { prevent_destroy: true },
    },
  ]);
});

test("a group is below the group that its path names, in any order of declaration", () => {
  const stack = realmWithGroups(
    { group: "/sales/clerks", access: { "atlas-api": ["clerk"] } },
    { group: "/sales" },
  );
  expect(only(stack, "group", { name: "clerks" }).parent_id).toMatch(/keycloak_group\.group1_/);
  expect(only(stack, "group", { name: "sales" })).not.toHaveProperty("parent_id");
});

test("a realm with groups has fine-grained admin permissions, which let the deployer read groups", () => {
  expect(only(realmWithGroups(clerks), "realm", {}).admin_permissions_enabled).toBe(true);
  expect(only(realmWithGroups(), "realm", {})).not.toHaveProperty("admin_permissions_enabled");
});

test("an existing realm has groups too", () => {
  const stack = new RealmStack(app(), "atlas", {
    existing: true,
    realm: "atlas",
    keycloak: { url: "https://login.example.com" },
  });
  new GroupRoles(addApis(stack), "clerks", clerks);
  expect(only(stack, "group", { name: "clerks" }).realm_id).toBe("atlas");
});

describe("the synthesis refuses", () => {
  const refused: readonly (readonly [what: string, group: GroupRolesProps, problem: string])[] = [
    [
      "a misspelled role",
      { group: "/clerks", access: { "atlas-api": ["clark"] } },
      'unknown role "clark" of atlas-api; did you mean "clerk"?',
    ],
    [
      "a permission instead of a role",
      { group: "/clerks", access: { "atlas-api": ["orders:read"] } },
      'unknown role "orders:read" of atlas-api; known: "clerk"',
    ],
    [
      "a role of an API without roles",
      { group: "/clerks", access: { reports: ["clerk"] } },
      'unknown role "clerk" of reports; known: none',
    ],
    [
      "an unknown API",
      { group: "/clerks", access: { atlas: ["clerk"] } },
      'unknown API "atlas"; known: "atlas-api", "billing", "reports"; declare it with a BackendClient',
    ],
    [
      "an API without a role",
      { group: "/clerks", access: { "atlas-api": [] } },
      'access names no role of atlas-api; name at least one of "clerk"',
    ],
    [
      "a path without a slash",
      { group: "clerks" },
      '"clerks" is not the path of a group; write it as in "/sales/clerks"',
    ],
    [
      "a path with an empty name",
      { group: "/clerks/" },
      '"/clerks/" is not the path of a group; write it as in "/sales/clerks"',
    ],
    [
      "a slash in a group's name",
      { group: "/sales~/emea" },
      '"/sales~/emea" has a slash in a group\'s name, which the Keycloak provider cannot manage',
    ],
    [
      "a path below a group that is not declared",
      { group: "/sales/clerks" },
      'the group "/sales" is not declared; declare it with a GroupRoles',
    ],
    [
      "a path that Terraform would evaluate",
      { group: "/${clerks}" },
      'group "/${clerks}" contains "${", which Terraform would evaluate; remove it',
    ],
  ];

  test.each(refused)("%s", (_, group, problem) => {
    expect(() => synthesized(realmWithGroups(group))).toThrow(`atlas/group0  ${problem}`);
  });

  test("a group that is declared twice", () => {
    expect(() => synthesized(realmWithGroups(clerks, clerks))).toThrow(
      'group "/clerks" is taken by atlas/group0; choose another',
    );
  });
});
