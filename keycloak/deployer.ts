import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { deployerClientId } from "./built-in.ts";

/** Roles of `realm-management`: all that an apply of clients, scopes and mappers needs, with a realm that does not change. */
export const deployerRoles = ["manage-clients", "view-realm", "view-events"] as const;

/**
 * Makes the deployer, the identity of everyday changes: a service account of the realm that has {@link deployerRoles} and
 * nothing else. A deployer that is there already is set right and keeps its secret.
 *
 * @param admin a login that may manage the realm and its users
 * @returns the deployer's secret
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts
 */
export async function makeDeployer(admin: KcAdminClient, realm: string): Promise<string> {
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
  const existing = await clientUuid(admin, realm, deployerClientId);
  const id = existing ?? (await admin.clients.create({ realm, ...settings })).id;
  if (existing !== undefined) await admin.clients.update({ realm, id }, settings);

  const management = await clientUuid(admin, realm, "realm-management");
  const user = await admin.clients.getServiceAccountUser({ realm, id });
  if (management === undefined || user.id === undefined) {
    throw new Error(`the realm "${realm}" has no realm-management client or no service account`);
  }
  const place = { realm, id: user.id, clientUniqueId: management };
  const roles = await Promise.all(
    deployerRoles.map(async (roleName) => {
      const role = await admin.clients.findRole({ realm, id: management, roleName });
      return { id: role?.id ?? "", name: roleName };
    }),
  );
  await admin.users.addClientRoleMappings({ ...place, roles });
  const { value } = await admin.clients.getClientSecret({ realm, id });
  return value ?? "";
}

/** The UUID of a client, which Keycloak's addresses want, by its client id. */
export async function clientUuid(
  admin: KcAdminClient,
  realm: string,
  clientId: string,
): Promise<string | undefined> {
  const [client] = await admin.clients.find({ realm, clientId });
  return client?.id;
}
