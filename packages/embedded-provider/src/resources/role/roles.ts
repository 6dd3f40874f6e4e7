import { isNotFound } from "../../keycloak/errors.ts";
import type { Json } from "../../keycloak/json.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";

/** A role, as Keycloak describes it. */
export interface Role extends Json {
  readonly id: string;
  readonly name: string;
  /** Whether it belongs to a client, not to the realm. */
  readonly clientRole: boolean;
  /** The UUID of its client, or of the realm. */
  readonly containerId: string;
}

/** The path of a role. */
export function rolePath(realm: string, id: string): string {
  return apiPath`/realms/${realm}/roles-by-id/${id}`;
}

/** Gets a role. */
export function roleById(keycloak: Keycloak, realm: string, id: string): Promise<Role> {
  return keycloak.get<Role>(rolePath(realm, id));
}

/** Gets all of these roles that exist. */
export async function existingRoles(
  keycloak: Keycloak,
  realm: string,
  ids: readonly string[],
): Promise<Role[]> {
  const roles = ids.map((id) =>
    roleById(keycloak, realm, id).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    }),
  );
  return (await Promise.all(roles)).filter((role) => role !== undefined);
}

/** The UUID of a role's client; `""` if it is a role of the realm. */
export function clientOf({ clientRole, containerId }: Role): string {
  return clientRole ? containerId : "";
}

/** The path of the mappings of roles with the same container, below `role-mappings` or `scope-mappings`. */
export function mappingsPath(base: string, role: Role): string {
  return role.clientRole ? `${base}${apiPath`/clients/${role.containerId}`}` : `${base}/realm`;
}

/** The roles of a list that are not in another one. */
export function rolesWithout(roles: readonly Role[], excluded: readonly Role[]): Role[] {
  return roles.filter(({ id }) => !excluded.some((other) => other.id === id));
}
