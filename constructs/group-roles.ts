import { Group } from "@cdktf/provider-keycloak/lib/group";
import { GroupRoles as GroupRolesResource } from "@cdktf/provider-keycloak/lib/group-roles";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { hint, listed } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import type { Access } from "./declaration.ts";
import { groupName, parentGroup, pathProblems } from "./names/group-path.ts";
import { RealmStack } from "./realm-stack.ts";
import { templateProblems } from "./synthesis/terraform-template.ts";

/** Properties of {@link GroupRoles}. */
export interface GroupRolesProps {
  /**
   * The group's path: `/clerks`, or `/sales/clerks` below the group `/sales`, which needs a GroupRoles of its own.
   */
  readonly group: string;
  /**
   * Roles of the members, by the client id of their API.
   * @default {}: the group only contains other groups
   */
  readonly access?: Access;
}

/**
 * A group of people, with the roles that its members have: exactly these. The members of a group below it have them too. Who is a
 * member is not declared: people come and go in Keycloak's console, in LDAP, or by an identity provider. Only an administrator may
 * deploy a change to it.
 *
 * @example
 * new GroupRoles(realm, "clerks", { group: "/clerks", access: { "atlas-api": ["clerk"] } });
 * @see https://www.keycloak.org/docs/latest/server_admin/#proc-managing-groups_server_administration_guide
 */
export class GroupRoles extends Construct {
  constructor(scope: Construct, id: string, { group: path, access = {} }: GroupRolesProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    const { realmId } = realm;
    const lifecycle = { preventDestroy: true };
    const parent = parentGroup(path);
    const group = new Group(this, "Resource", {
      ...{ realmId, name: groupName(path), lifecycle },
      ...(parent !== undefined && {
        parentId: Lazy.stringValue({ produce: () => realm.contents.groupId(parent) }),
      }),
    });
    realm.contents.reserveName("group", path, this);
    realm.contents.registerGroup(path, { id: group.id, access });
    new GroupRolesResource(this, "roles", {
      ...{ realmId, groupId: group.id, exhaustive: true, lifecycle },
      roleIds: Lazy.listValue({ produce: () => roleIds(realm, access) }),
    });
    this.node.addValidation({
      validate: () => [
        ...templateProblems("group", path),
        ...pathProblems(path),
        ...(parent === undefined || realm.contents.groupId(parent) !== undefined
          ? []
          : [`the group ${quoted(parent)} is not declared; declare it with a GroupRoles`]),
        ...accessProblems(realm, access),
      ],
    });
  }
}

function roleIds(realm: RealmStack, access: Access): string[] {
  return Object.entries(access).flatMap(([api, roles]) => {
    const ids = realm.apiScopes(api)?.roles?.ids;
    return [...new Set(roles)].flatMap((role) => ids?.get(role) ?? []);
  });
}

function accessProblems(realm: RealmStack, access: Access): string[] {
  return Object.entries(access).flatMap(([id, roles]) => {
    const api = realm.apiScopes(id);
    if (!api)
      return [
        `unknown API ${quoted(id)}${hint(id, realm.contents.apiIds, "; declare it with a BackendClient")}`,
      ];
    const known = [...(api.roles?.ids.keys() ?? [])];
    if (roles.length === 0)
      return [`access names no role of ${id}; name at least one of ${listed(known) || "none"}`];
    return roles
      .filter((role) => !known.includes(role))
      .map((role) => `unknown role ${quoted(role)} of ${id}${hint(role, known)}`);
  });
}
