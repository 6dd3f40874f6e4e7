import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type AdminEventRepresentation from "@keycloak/keycloak-admin-client/lib/defs/adminEventRepresentation.js";
import type { Identity } from "../login/identity.ts";
import { hasSignInsSince } from "../deployer/stored-events.ts";

/** Number of events that one request returns. */
const page = 100;

/** Longest time for which a resource of an apply is created before another one of the same apply, in milliseconds. */
const applyOverlap = 5 * 60 * 1_000;

/**
 * What an identity has created in a realm since its last deploy was recorded, by the realm's admin events. It serves one plan.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#auditing-admin-events
 */
export class Creations {
  readonly #admin: KcAdminClient;
  readonly #realm: string;
  readonly #identity: Identity;
  readonly #recorded: ReadonlySet<unknown>;
  readonly #overlap: number;
  #since: Promise<number> | undefined;

  /**
   * @param recorded the UUIDs of the objects that the state records
   * @param overlap the time for which an object may be older than those, in milliseconds
   */
  constructor(
    admin: KcAdminClient,
    realm: string,
    identity: Identity,
    recorded: ReadonlySet<unknown>,
    overlap = applyOverlap,
  ) {
    this.#admin = admin;
    this.#realm = realm;
    this.#identity = identity;
    this.#recorded = recorded;
    this.#overlap = overlap;
  }

  /**
   * Whether the identity has created an object, after everything that the state records, and nobody else has changed it since.
   *
   * @param path the object's path in the realm: `clients/<UUID>`
   * @param clientId the client id, for a client: then nobody may have used it either
   */
  async isOnlyOwn(path: string, clientId?: string): Promise<boolean> {
    // with what belongs to it, such as a client's secret
    const events = await this.#admin.realms.findAdminEvents({
      ...{ realm: this.#realm, resourcePath: `${path}*`, max: page },
    });
    const creation = events.find(
      (event) => event.operationType === "CREATE" && event.resourcePath === path,
    );
    if (creation?.time === undefined || events.length === page) return false;
    this.#since ??= this.#lastRecorded();
    return (
      events.every((event) => this.#isOwn(event)) &&
      creation.time >= (await this.#since) - this.#overlap &&
      (clientId === undefined || (await this.#isUnused(clientId, creation.time)))
    );
  }

  #isOwn({ authDetails }: AdminEventRepresentation): boolean {
    const { userId, clientId } = this.#identity;
    return authDetails?.userId === userId && authDetails.clientId === clientId;
  }

  /** The time at which the identity created the newest object that the state records; 0 if events name none. */
  async #lastRecorded(): Promise<number> {
    const { userId: authUser, clientId: authClient } = this.#identity;
    const query = { realm: this.#realm, authUser, authClient, operationTypes: "CREATE", max: page };
    for (let first = 0; ; first += page) {
      const events = await this.#admin.realms.findAdminEvents({ ...query, first });
      const newest = events.find(({ resourcePath = "" }) =>
        this.#recorded.has(resourcePath.slice(resourcePath.lastIndexOf("/") + 1)),
      );
      if (newest) return newest.time ?? Number.POSITIVE_INFINITY;
      if (events.length < page) return 0;
    }
  }

  /** Whether no user event names a client since a time, in a realm that records them. */
  async #isUnused(client: string, since: number): Promise<boolean> {
    const realm = this.#realm;
    const [newest] = await this.#admin.realms.findEvents({ realm, client, max: 1 });
    return (
      (newest === undefined || (newest.time ?? since) < since) &&
      (await hasSignInsSince(this.#admin, realm, since))
    );
  }
}
