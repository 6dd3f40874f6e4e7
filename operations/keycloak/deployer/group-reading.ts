import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type PolicyRepresentation from "@keycloak/keycloak-admin-client/lib/defs/policyRepresentation.js";
import { deployerClientId, readerClientId } from "../../../constructs/names/reserved-names.ts";
import { quoted } from "../../../text/quoted.ts";
import { findClient } from "../clients.ts";

/** Client id of the client that Keycloak keeps a realm's fine-grained admin permissions in. */
const permissionsClientId = "admin-permissions";

const policyName = "keycloak-access: the deployer";
const permissionName = "keycloak-access: the deployer reads groups";

/**
 * Permits the deployer and the reader to read groups and the roles of their members, which a plan needs, and no user and no member. Without
 * groups in the declaration it takes the permission away. It does nothing in a realm without fine-grained admin permissions.
 *
 * @param admin a login that may manage the realm
 * @see https://www.keycloak.org/docs/latest/server_admin/#_fine_grained_permissions
 */
export async function setGroupReading(
  admin: KcAdminClient,
  realm: string,
  hasGroups: boolean,
): Promise<void> {
  const id = (await findClient(admin, realm, permissionsClientId))?.id;
  if (id === undefined) return;
  const { clients } = admin;
  const policy = named(await clients.listPolicies({ realm, id, name: policyName }), policyName);
  const permission = named(
    await clients.findPermissions({ realm, id, name: permissionName }),
    permissionName,
  );
  if (!hasGroups) {
    if (permission)
      await clients.delPermission({ realm, id, type: "scope", permissionId: permission });
    if (policy) await clients.delPolicy({ realm, id, policyId: policy });
    return;
  }
  const accounts = await Promise.all(
    [deployerClientId, readerClientId].map((clientId) => findClient(admin, realm, clientId)),
  );
  const ofClient: PolicyRepresentation & { clients: string[] } = {
    name: policyName,
    clients: accounts.flatMap((account) => account?.id ?? []),
  };
  const toView = {
    ...{ name: permissionName, policies: [policyName], resources: [] },
    ...{ resourceType: "Groups", scopes: ["view"] },
  };
  if (policy) await clients.updatePolicy({ realm, id, type: "client", policyId: policy }, ofClient);
  else await clients.createPolicy({ realm, id, type: "client" }, ofClient);
  if (permission)
    await clients.updatePermission({ realm, id, type: "scope", permissionId: permission }, toView);
  else await clients.createPermission({ realm, id, type: "scope" }, toView);
}

/** How to let the deployer read groups in a realm without fine-grained admin permissions; undefined if the realm has them. */
export async function missingGroupReading(
  admin: KcAdminClient,
  realm: string,
): Promise<string | undefined> {
  if (await findClient(admin, realm, permissionsClientId)) return undefined;
  return [
    `the realm ${quoted(realm)} has no fine-grained admin permissions, so its deployer cannot read groups, and only an administrator can plan.`,
    'To change that, switch on "Admin Permissions" in Keycloak\'s console, below "Realm settings" (Keycloak 26.2 or later), and run this again.',
  ].join("\n");
}

/** The id of the policy or permission with exactly a name: Keycloak searches for a part of it. */
function named(found: readonly PolicyRepresentation[] | "", name: string): string | undefined {
  return (found || []).find((each) => each.name === name)?.id;
}
