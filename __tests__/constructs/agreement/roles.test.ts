import { DefaultRoles } from "@cdktf/provider-keycloak/lib/default-roles";
import { GenericRoleMapper } from "@cdktf/provider-keycloak/lib/generic-role-mapper";
import { Group } from "@cdktf/provider-keycloak/lib/group";
import { GroupRoles as GroupRolesResource } from "@cdktf/provider-keycloak/lib/group-roles";
import { OpenidClientDefaultScopes } from "@cdktf/provider-keycloak/lib/openid-client-default-scopes";
import { OpenidHardcodedClaimProtocolMapper } from "@cdktf/provider-keycloak/lib/openid-hardcoded-claim-protocol-mapper";
import { Role } from "@cdktf/provider-keycloak/lib/role";
import { UserRoles } from "@cdktf/provider-keycloak/lib/user-roles";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { TerraformResource } from "cdktf";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { FrontendClient } from "../../../constructs/frontend-client.ts";
import { GroupRoles } from "../../../constructs/group-roles.ts";
import type { RealmStack } from "../../../constructs/realm-stack.ts";
import { realm, synthesized } from "../atlas.ts";

let stack: RealmStack;

beforeEach(() => {
  stack = realm();
  const permissions = ["orders:read", "orders:write"];
  const roles = { clerk: ["orders:read"], manager: permissions };
  new BackendClient(stack, "atlas-api", { permissions, roles });
  new FrontendClient(stack, "atlas-frontend", {
    redirectUris: ["https://app.example.com/"],
    access: { "atlas-api": permissions },
  });
  new GroupRoles(stack, "clerks", { group: "/clerks", access: { "atlas-api": ["clerk"] } });
});

/** The resource at a path below the stack. */
function resource(path: string): TerraformResource {
  const found = stack.node.findAll().find(({ node }) => node.path === `atlas/${path}`);
  if (!(found instanceof TerraformResource)) throw new Error(`no resource at ${path}`);
  return found;
}

const idOf = (path: string) => `\${${resource(path).fqn}.id}`;
const manager = () => idOf("atlas-api/roles/role:manager");
const realmAdmin = () =>
  new Role(stack, "admin", { realmId: stack.realmId, name: "realm-admin" }).id;

const api = "atlas/atlas-api/roles";
type Refused = readonly [what: string, change: () => void, problem: string];

/** A change of an argument of the mapper that adds the claim. */
const mapperWith = (what: string, argument: string, value: unknown): Refused => [
  what,
  () => {
    resource("atlas-api/roles/mapper").addOverride(argument, value);
  },
  `${api}         the scope does not add the claim "permissions" of atlas-api`,
];

const refused: readonly Refused[] = [
  [
    "a role with a permission that is not declared",
    () => {
      const permissions = ["orders:read", "orders:write"];
      Object.assign(resource("atlas-api/roles/role:clerk"), {
        compositeRoles: permissions.map((name) => idOf(`atlas-api/roles/permission:${name}`)),
      });
    },
    `${api}/role:clerk  the role grants "orders:read", "orders:write", not what is declared`,
  ],
  [
    "a permission that contains another role",
    () => {
      resource("atlas-api/roles/permission:orders:read").addOverride("composite_roles", [
        realmAdmin(),
      ]);
    },
    `${api}/permission:orders:read  the role grants "\${keycloak_role.admin.id}", not what is declared`,
  ],
  [
    "a role with another name",
    () => {
      resource("atlas-api/roles/role:clerk").addOverride("name", "boss");
    },
    'the role "clerk" is declared 0 times',
  ],
  [
    "an admin role that tokens may contain",
    () => {
      new GenericRoleMapper(stack, "more", {
        ...{ realmId: stack.realmId, clientScopeId: idOf("atlas-api/roles/Resource") },
        roleId: realmAdmin(),
      });
    },
    `${api}  tokens may show "all-permissions", "\${keycloak_role.admin.id}", not atlas-api's permissions`,
  ],
  mapperWith(
    "the roles of another client in the claim",
    "client_id_for_role_mappings",
    "realm-management",
  ),
  mapperWith("another claim", "claim_name", "scope"),
  [
    "a frontend without the scope of the roles",
    () => {
      Object.assign(resource("atlas-frontend/default-scopes"), {
        defaultScopes: ["basic", "atlas-api-audience", "orders:read", "orders:write"],
      });
    },
    'the client "atlas-frontend" lacks "atlas-api-roles", which is declared',
  ],
  [
    "a role that only the code gives to a group",
    () => {
      Object.assign(resource("clerks/roles"), {
        roleIds: [idOf("atlas-api/roles/role:manager")],
      });
    },
    "atlas/clerks  the group's roles are not those that are declared",
  ],
  [
    "a group that keeps roles that somebody gives it by hand",
    () => {
      resource("clerks/roles").addOverride("exhaustive", false);
    },
    "atlas/clerks  the group's roles are not those that are declared",
  ],
  [
    "a second list of roles of a group",
    () => {
      new GroupRolesResource(stack, "more", {
        ...{ realmId: stack.realmId, groupId: idOf("clerks/Resource"), exhaustive: false },
        roleIds: [realmAdmin()],
      });
    },
    "atlas/clerks  atlas/more (keycloak_group_roles) adds to the group, which is not declared",
  ],
  [
    "a role of the API that is not declared",
    () => {
      new Role(stack, "boss", {
        ...{ realmId: stack.realmId, clientId: idOf("atlas-api/Resource"), name: "boss" },
      });
    },
    "atlas/boss  the role is one of atlas-api, but not declared",
  ],
  [
    "a role of everybody",
    () => {
      new DefaultRoles(stack, "defaults", {
        ...{ realmId: stack.realmId, defaultRoles: ["atlas-api/manager"] },
      });
    },
    "atlas/defaults  gives roles of atlas-api, which is not declared",
  ],
  [
    "a role of a person",
    () => {
      new UserRoles(stack, "eve", {
        ...{ realmId: stack.realmId, userId: "1f0c", roleIds: [manager()] },
      });
    },
    "atlas/eve  gives roles of atlas-api, which is not declared",
  ],
  [
    "a role of the realm that contains one of the API",
    () => {
      const { realmId } = stack;
      new Role(stack, "staff", { realmId, name: "staff", compositeRoles: [manager()] });
    },
    "atlas/staff  gives roles of atlas-api, which is not declared",
  ],
  [
    "a group without a GroupRoles that has a role of the API",
    () => {
      const { realmId } = stack;
      const groupId = new Group(stack, "managers", { realmId, name: "managers" }).id;
      new GroupRolesResource(stack, "more", { realmId, groupId, roleIds: [manager()] });
    },
    "atlas/more  gives roles of an API to a group that is not declared",
  ],
  [
    "a group that gets the roles of an undeclared one",
    () => {
      resource("clerks/Resource").addOverride("parent_id", "1f0c");
    },
    'no resource is the declared group "/clerks"',
  ],
  [
    "a mapper that gives everybody the claim",
    () => {
      new OpenidHardcodedClaimProtocolMapper(stack, "all", {
        ...{ realmId: stack.realmId, clientId: idOf("atlas-frontend/Resource"), name: "all" },
        ...{ claimName: "permissions", claimValue: "orders:write" },
      });
    },
    'atlas/all  writes the claim "permissions", which only roles may',
  ],
  mapperWith("a claim of one value", "multivalued", false),
  mapperWith("a claim with a prefix", "client_role_prefix", "x"),
  mapperWith("a claim that access tokens lack", "add_to_access_token", false),
  [
    "an API's own client with the scope of the roles",
    () => {
      new OpenidClientDefaultScopes(stack, "scopes", {
        ...{ realmId: stack.realmId, clientId: idOf("atlas-api/Resource") },
        defaultScopes: ["atlas-api-roles"],
      });
    },
    'the client "atlas-api" has "atlas-api-roles", which is not declared',
  ],
  [
    "a group with another name",
    () => {
      resource("clerks/Resource").addOverride("name", "managers");
    },
    'no resource is the declared group "/clerks"',
  ],
];

describe("the synthesis refuses", () => {
  test.each(refused)("%s", (_, change, problem) => {
    change();
    expect(() => synthesized(stack)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(problem) }),
    );
  });
});

test("the synthesis accepts other roles that no token contains", () => {
  realmAdmin();
  expect(() => synthesized(stack)).not.toThrow();
});
