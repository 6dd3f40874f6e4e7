import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";

/** The longest lifespan of an access token that a realm allows. */
export interface LongestLifespan {
  /** The lifespan in seconds. */
  readonly seconds: number;
  /** The name of the setting in Keycloak's console, in "Realm settings", "Sessions". */
  readonly setting: string;
}

/**
 * The longest lifespan of a service account's access token that a realm allows. Keycloak shortens a longer one without an error: no token
 * outlives its session.
 *
 * @returns undefined if the settings are missing, because the login may not view them
 * @see https://www.keycloak.org/docs/latest/server_admin/#_timeouts
 */
export function longestLifespan({
  ssoSessionMaxLifespan = 0,
  clientSessionMaxLifespan = 0,
}: RealmRepresentation): LongestLifespan | undefined {
  return (
    [
      { setting: "SSO Session Max", seconds: ssoSessionMaxLifespan },
      { setting: "Client Session Max", seconds: clientSessionMaxLifespan },
    ]
      // 0 means that the setting is not set
      .filter(({ seconds }) => seconds > 0)
      .sort((a, b) => a.seconds - b.seconds)[0]
  );
}

/**
 * The lifespan of a customer's access tokens in a realm, in seconds.
 *
 * @param own the lifespan that the customer's client sets
 */
export function lifespanIn(settings: RealmRepresentation, own?: number): number {
  const { accessTokenLifespan = 0 } = settings;
  return Math.min(own ?? accessTokenLifespan, longestLifespan(settings)?.seconds ?? Infinity);
}
