import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import type { RoleMappingPayload } from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { deployerClientId } from "../../constructs/names/reserved-names.ts";
import { findClient } from "./clients.ts";

/** Roles of `realm-management` that an apply needs for clients, client scopes and mappers if the realm itself does not change. */
const deployerRoles = ["manage-clients", "view-realm", "view-events"] as const;

/** The deployer of a realm. */
export interface Deployer {
  readonly clientSecret: string;
  /** Whether it has just been created. */
  readonly created: boolean;
}

/**
 * Creates the deployer, the identity of everyday changes: a service account of the realm that has {@link deployerRoles} and no
 * other role. An existing deployer is corrected and keeps its secret.
 *
 * @param admin a login that may manage the realm's clients and users
 * @param options.rotate replaces the secret; the old one stops working at once
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts
 */
export async function ensureDeployer(
  admin: KcAdminClient,
  realm: string,
  options: { readonly rotate: boolean } = { rotate: false },
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
    fullScopeAllowed: true,
  };
  const existing = (await findClient(admin, realm, deployerClientId))?.id;
  const id = existing ?? (await admin.clients.create({ realm, ...settings })).id;
  if (existing !== undefined) await admin.clients.update({ realm, id }, settings);
  await setRoles(admin, realm, id);
  const { value } = options.rotate
    ? await admin.clients.generateNewClientSecret({ realm, id })
    : await admin.clients.getClientSecret({ realm, id });
  return { clientSecret: value ?? "", created: existing === undefined };
}

/** Gives a client's service account exactly the deployer's roles. */
async function setRoles(admin: KcAdminClient, realm: string, client: string): Promise<void> {
  const { id = "" } = await admin.clients.getServiceAccountUser({ realm, id: client });
  const management = (await findClient(admin, realm, "realm-management"))?.id ?? "";
  const { realmMappings = [], clientMappings = {} } = await admin.users.listRoleMappings({
    realm,
    id,
  });

  await admin.users.delRealmRoleMappings({ realm, id, roles: realmMappings.map(payload) });
  for (const mapping of Object.values(clientMappings)) {
    const { id: clientUniqueId, mappings } = mapping as {
      id: string;
      mappings: RoleRepresentation[];
    };
    const others = mappings.filter(
      ({ name }) => clientUniqueId !== management || !isDeployerRole(name),
    );
    await admin.users.delClientRoleMappings({
      realm,
      id,
      clientUniqueId,
      roles: others.map(payload),
    });
  }
  const available = await admin.users.listAvailableClientRoleMappings({
    realm,
    id,
    clientUniqueId: management,
  });
  const missing = available.filter(({ name }) => isDeployerRole(name)).map(payload);
  await admin.users.addClientRoleMappings({
    realm,
    id,
    clientUniqueId: management,
    roles: missing,
  });
}

function isDeployerRole(role: string | undefined): boolean {
  return deployerRoles.some((name) => name === role);
}

function payload({ id = "", name = "" }: RoleRepresentation): RoleMappingPayload {
  return { id, name };
}
