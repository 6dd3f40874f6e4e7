import { GenericRoleMapper } from "@cdktf/provider-keycloak/lib/generic-role-mapper";
import type { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientScope } from "@cdktf/provider-keycloak/lib/openid-client-scope";
import { OpenidUserClientRoleProtocolMapper } from "@cdktf/provider-keycloak/lib/openid-user-client-role-protocol-mapper";
import { Role } from "@cdktf/provider-keycloak/lib/role";
import { Construct } from "constructs";
import { hint, listed } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import type { DeclaredRoles, RolePermissions } from "./declaration.ts";
import { constructId } from "./names/construct-id.ts";
import { permissionsClaim } from "./names/permissions-claim.ts";
import { allPermissionsRole, reservedRoles } from "./names/reserved-names.ts";
import { rolesScopeName } from "./names/roles-scope-name.ts";
import { RealmStack } from "./realm-stack.ts";
import { templateProblems } from "./synthesis/terraform-template.ts";

/** Properties of {@link ApiRoles}. */
export interface ApiRolesProps {
  /** The client of the API that the roles belong to. */
  readonly backend: OpenidClient;
  /** The permissions of the API. */
  readonly permissions: readonly string[];
  /** The permissions of each role. */
  readonly roles: RolePermissions;
}

/**
 * Roles of people at an API: a client role for each permission, a composite of them for each role, and a client scope for frontends,
 * named `<API>-roles`. Tokens of a client that has the scope list in the claim `permissions` what the person's roles permit. Without
 * any role there is no such claim. {@link BackendClient} creates it.
 *
 * @example
 * new ApiRoles(realm, "roles", {
 *   backend,
 *   permissions: ["orders:read", "orders:write"],
 *   roles: { clerk: ["orders:read"], manager: ["orders:read", "orders:write"] },
 * });
 * @see https://www.keycloak.org/docs/latest/server_admin/#assigning-permissions-using-roles-and-groups
 * @see https://www.keycloak.org/docs/latest/server_admin/#_role_scope_mappings
 */
export class ApiRoles extends Construct {
  /** The scope and the roles, as references: a resource that uses one is created after it. */
  readonly roles: DeclaredRoles;

  constructor(scope: Construct, id: string, { backend, permissions, roles }: ApiRolesProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    const addRole = (roleId: string, name: string, compositeRoles: string[]) =>
      new Role(this, roleId, {
        ...{ realmId: realm.realmId, clientId: backend.id, name, compositeRoles },
        lifecycle: { preventDestroy: true },
      });
    const permissionRoles = new Map(
      [...new Set(permissions)].map((name) => [
        name,
        // an empty list, so that a permission that somebody makes a composite is drift
        addRole(constructId("permission:", name), name, []),
      ]),
    );
    const ids = new Map(
      Object.entries(roles).map(([name, granted]) => {
        const composites = [...new Set(granted)].flatMap(
          (permission) => permissionRoles.get(permission)?.id ?? [],
        );
        return [name, addRole(constructId("role:", name), name, composites).id];
      }),
    );
    const all = addRole(
      allPermissionsRole,
      allPermissionsRole,
      [...permissionRoles.values()].map((role) => role.id),
    );
    this.roles = {
      scope: this.#addScope(backend, all),
      ids,
      permissions: Object.fromEntries(
        Object.entries(roles).map(([name, granted]) => [name, [...new Set(granted)]]),
      ),
    };
    this.node.addValidation({ validate: () => rolesProblems(roles, permissions) });
  }

  /** A scope of its own: a scope with role mappings is no scope of people and service accounts that have none of the roles. */
  #addScope(backend: OpenidClient, { id: roleId }: Role): string {
    const realm = RealmStack.of(this);
    const { realmId } = realm;
    const lifecycle = { preventDestroy: true };
    const name = rolesScopeName(backend.clientIdInput);
    realm.contents.reserveName("client scope", name, this);
    const clientScope = new OpenidClientScope(this, "Resource", {
      ...{ realmId, name, lifecycle },
      includeInTokenScope: false,
      includeInOpenidProviderMetadata: false,
    });
    const clientScopeId = clientScope.id;
    new OpenidUserClientRoleProtocolMapper(this, "mapper", {
      ...{ realmId, clientScopeId, name, lifecycle },
      clientIdForRoleMappings: backend.clientId,
      claimName: permissionsClaim,
      multivalued: true,
      addToAccessToken: true,
      addToIdToken: true,
      addToUserinfo: false,
    });
    // one mapping: if the provider removed one of several, Keycloak would remove them all
    new GenericRoleMapper(this, "scope", { realmId, clientScopeId, roleId, lifecycle });
    return clientScope.name;
  }
}

function rolesProblems(roles: RolePermissions, permissions: readonly string[]): string[] {
  const names = Object.keys(roles);
  const reserved = permissions.filter((permission) => reservedRoles.includes(permission));
  if (names.length === 0) return ["roles names no role; name at least one, or leave roles out"];
  return [
    ...reserved.map((permission) => `permission ${quoted(permission)} is reserved; choose another`),
    ...names.flatMap((name) => roleProblems(name, roles[name] ?? [], permissions)),
  ];
}

function roleProblems(
  name: string,
  granted: readonly string[],
  permissions: readonly string[],
): string[] {
  const named = `role ${quoted(name)}`;
  const unknown = granted.filter((permission) => !permissions.includes(permission));
  const known = listed(permissions) || "none";
  return [
    ...templateProblems("role", name),
    ...(name.trim() === name && name !== "" ? [] : [`${named} is blank or has spaces around it`]),
    ...(permissions.includes(name)
      ? [`${named} has the name of a permission, which is a role of its own; choose another`]
      : []),
    ...(reservedRoles.includes(name) ? [`${named} is reserved; choose another`] : []),
    ...(granted.length === 0
      ? [`${named} grants no permission; name at least one of ${known}`]
      : []),
    ...unknown.map(
      (permission) =>
        `${named} grants the unknown permission ${quoted(permission)}${hint(permission, permissions)}`,
    ),
  ];
}
