import { randomBytes } from "node:crypto";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type MappingsRepresentation from "@keycloak/keycloak-admin-client/lib/defs/mappingsRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import type { RoleMappingPayload } from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { deployerClientId } from "../../constructs/names/reserved-names.ts";
import { RefusedError } from "../../text/errors.ts";
import { findClient } from "./clients.ts";
import { setGroupReading } from "./group-reading.ts";

/** Roles of `realm-management` that an apply needs for clients, client scopes and mappers if the realm itself does not change. */
const deployerRoles = ["manage-clients", "view-realm", "view-events"] as const;

/** The deployer of a realm. */
export interface Deployer {
  readonly clientSecret: string;
  /** Whether it has just been created. */
  readonly created: boolean;
}

/** Options of {@link ensureDeployer}. */
export interface DeployerOptions {
  /**
   * Whether to replace the secret. The old one stops working at once.
   * @default false
   */
  readonly rotate?: boolean;
  /**
   * Whether groups are declared, so that it may read groups; see {@link setGroupReading}.
   * @default false
   */
  readonly hasGroups?: boolean;
}

/**
 * Creates the deployer, the identity of everyday changes: a service account of the realm that has {@link deployerRoles} and no
 * other role, in its tokens neither. It may also read groups if some are declared. An existing deployer is corrected and keeps its secret.
 *
 * @param admin a login that may manage the realm's clients and users
 * @throws RefusedError if the realm has a client with that id that is somebody else's
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts
 */
export async function ensureDeployer(
  admin: KcAdminClient,
  realm: string,
  { rotate = false, hasGroups = false }: DeployerOptions = {},
): Promise<Deployer> {
  const settings = {
    clientId: deployerClientId,
    name: "Deployer",
    enabled: true,
    publicClient: false,
    clientAuthenticatorType: "client-secret",
    standardFlowEnabled: false,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: true,
    fullScopeAllowed: false,
    redirectUris: [],
  };
  const found = await findClient(admin, realm, deployerClientId);
  const { name, publicClient = false, redirectUris = [] } = found ?? settings;
  if (name !== settings.name || publicClient || redirectUris.length > 0)
    throw new RefusedError(
      `the realm "${realm}" has a client "${deployerClientId}" of its own, which is not named "${settings.name}", is public or has redirect URIs; rename or delete that client in Keycloak`,
    );
  const existing = found?.id;
  const id = existing ?? (await admin.clients.create({ realm, ...settings })).id;
  const management = (await findClient(admin, realm, "realm-management"))?.id ?? "";
  const roles = (await admin.clients.listRoles({ realm, id: management }))
    .filter(({ name }) => deployerRoles.some((role) => role === name))
    .map(payload);
  // the scope first: an older deployer has full scope, and must not lose its roles if this is interrupted
  await mapExactly(scopeOf(admin, realm, id), management, roles);
  if (existing !== undefined) await admin.clients.update({ realm, id }, settings);
  await mapExactly(await rolesOf(admin, realm, id), management, roles);
  await setGroupReading(admin, realm, id, hasGroups);
  // a secret that Keycloak generates would let the old one work on, if the realm has an overlap of secrets
  if (rotate) {
    const secret = randomBytes(32).toString("hex");
    await admin.clients.update({ realm, id }, { clientId: deployerClientId, secret });
  }
  const { value } = await admin.clients.getClientSecret({ realm, id });
  return { clientSecret: value ?? "", created: existing === undefined };
}

/** Roles that are mapped to something, as the Admin REST API reads and changes them. */
interface RoleMappings {
  list(): Promise<MappingsRepresentation>;
  removeRealmRoles(roles: RoleMappingPayload[]): Promise<void>;
  removeClientRoles(client: string, roles: RoleMappingPayload[]): Promise<void>;
  addClientRoles(client: string, roles: RoleMappingPayload[]): Promise<void>;
}

/** The roles of the deployer's service account. */
async function rolesOf(admin: KcAdminClient, realm: string, client: string): Promise<RoleMappings> {
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

/** The roles that the deployer's tokens may contain. */
function scopeOf({ clients }: KcAdminClient, realm: string, id: string): RoleMappings {
  return {
    list: () => clients.listScopeMappings({ realm, id }),
    removeRealmRoles: (roles) => clients.delRealmScopeMappings({ realm, id }, roles),
    removeClientRoles: (client, roles) =>
      clients.delClientScopeMappings({ realm, id, client }, roles),
    addClientRoles: (client, roles) => clients.addClientScopeMappings({ realm, id, client }, roles),
  };
}

/** Maps exactly these roles of a client. */
async function mapExactly(
  mappings: RoleMappings,
  client: string,
  roles: readonly RoleMappingPayload[],
): Promise<void> {
  const { realmMappings = [], clientMappings = {} } = await mappings.list();
  await mappings.removeRealmRoles(realmMappings.map(payload));
  for (const mapping of Object.values(clientMappings)) {
    const mapped = mapping as { id: string; mappings: RoleRepresentation[] };
    const others = mapped.mappings.filter((role) => !roles.some(({ id }) => id === role.id));
    await mappings.removeClientRoles(mapped.id, others.map(payload));
  }
  await mappings.addClientRoles(client, [...roles]);
}

function payload({ id = "", name = "" }: RoleRepresentation): RoleMappingPayload {
  return { id, name };
}
