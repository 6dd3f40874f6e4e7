import type { RealmDeclaration } from "../constructs/declaration.ts";
import { adminClient, type Login } from "../operations/keycloak/login/admin.ts";

/**
 * Creates a realm that is declared with `existing: true` if the local Keycloak does not have it: an empty one, with Keycloak's own
 * default and optional client scopes. It stores events, so that an interrupted start can be completed.
 */
export async function ensureLocalRealm(
  { realm, existing = false }: RealmDeclaration,
  administrator: Login,
): Promise<void> {
  if (!existing) return;
  const admin = await adminClient(administrator);
  if (await admin.realms.findOne({ realm })) return;
  const events = { eventsEnabled: true, adminEventsEnabled: true };
  await admin.realms.create({ realm, enabled: true, ...events });
}
