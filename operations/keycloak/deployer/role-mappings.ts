import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type MappingsRepresentation from "@keycloak/keycloak-admin-client/lib/defs/mappingsRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import type { RoleMappingPayload } from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";

/** Roles that are mapped to something, as the Admin REST API reads and changes them. */
export interface RoleMappings {
  list(): Promise<MappingsRepresentation>;
  removeRealmRoles(roles: RoleMappingPayload[]): Promise<void>;
  removeClientRoles(client: string, roles: RoleMappingPayload[]): Promise<void>;
  addClientRoles(client: string, roles: RoleMappingPayload[]): Promise<void>;
}

/** The roles of a client's service account. */
export async function rolesOf(
  admin: KcAdminClient,
  realm: string,
  client: string,
): Promise<RoleMappings> {
  const { id = "" } = await admin.clients.getServiceAccountUser({ realm, id: client });
  const account = { realm, id };
  return {
    list: () => admin.users.listRoleMappings(account),
    removeRealmRoles: (roles) => admin.users.delRealmRoleMappings({ ...account, roles }),
    removeClientRoles: (clientUniqueId, roles) =>
      admin.users.delClientRoleMappings({ ...account, clientUniqueId, roles }),
    addClientRoles: (clientUniqueId, roles) =>
      admin.users.addClientRoleMappings({ ...account, clientUniqueId, roles }),
  };
}

/** The roles that a client's tokens may contain. */
export function scopeOf({ clients }: KcAdminClient, realm: string, id: string): RoleMappings {
  return {
    list: () => clients.listScopeMappings({ realm, id }),
    removeRealmRoles: (roles) => clients.delRealmScopeMappings({ realm, id }, roles),
    removeClientRoles: (client, roles) =>
      clients.delClientScopeMappings({ realm, id, client }, roles),
    addClientRoles: (client, roles) => clients.addClientScopeMappings({ realm, id, client }, roles),
  };
}

/** Maps exactly these roles of a client. */
export async function mapExactly(
  mappings: RoleMappings,
  client: string,
  roles: readonly RoleRepresentation[],
): Promise<void> {
  const { realmMappings = [], clientMappings = {} } = await mappings.list();
  await mappings.removeRealmRoles(realmMappings.map(payload));
  for (const mapping of Object.values(clientMappings)) {
    const mapped = mapping as { id: string; mappings: RoleRepresentation[] };
    const others = mapped.mappings.filter((role) => !roles.some(({ id }) => id === role.id));
    await mappings.removeClientRoles(mapped.id, others.map(payload));
  }
  await mappings.addClientRoles(client, roles.map(payload));
}

function payload({ id = "", name = "" }: RoleRepresentation): RoleMappingPayload {
  return { id, name };
}
