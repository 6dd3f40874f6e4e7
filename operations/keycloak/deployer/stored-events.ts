import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type { RealmEventsConfigRepresentation } from "@keycloak/keycloak-admin-client/lib/defs/realmEventsConfigRepresentation.js";
import { quoted } from "../../../text/quoted.ts";

/** Types of the user events that show that somebody has used a client. */
const signIns = ["CLIENT_LOGIN", "LOGIN"];

/**
 * Whether a realm would still have the event of every use of a client since a time.
 *
 * @param since in milliseconds since 1970
 */
export async function hasSignInsSince(
  admin: KcAdminClient,
  realm: string,
  since: number,
): Promise<boolean> {
  const events = await admin.realms.getConfigEvents({ realm });
  const { eventsExpiration: seconds = 0 } = events;
  // 0: for ever
  return storesSignIns(events) && (seconds === 0 || Date.now() - since < seconds * 1_000);
}

/**
 * What a deploy cannot do in a realm because of the events that the realm does not store, and how to store them.
 *
 * @returns undefined if the realm stores all of them
 * @see docs/adr/0019-only-own-objects-are-imported-unnamed.md
 */
export async function missingEvents(
  admin: KcAdminClient,
  realm: string,
): Promise<string | undefined> {
  const events = await admin.realms.getConfigEvents({ realm });
  const missing = [
    ...(events.adminEventsEnabled ? [] : ["no admin events"]),
    ...(storesSignIns(events) ? [] : [`no user events of the types ${signIns.join(" and ")}`]),
  ];
  if (missing.length === 0) return undefined;
  return [
    `the realm ${quoted(realm)} stores ${missing.join(", and ")}; so a deploy cannot prove what an interrupted one has created, and imports it only by name.`,
    'To store them, save them in Keycloak\'s console: "Realm settings", then "Events".',
  ].join("\n");
}

function storesSignIns({
  eventsEnabled = false,
  enabledEventTypes = [],
}: RealmEventsConfigRepresentation): boolean {
  return eventsEnabled && signIns.every((type) => enabledEventTypes.includes(type));
}
