import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type ClientPolicyRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientPolicyRepresentation.js";
import type ClientProfileRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientProfileRepresentation.js";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { UnavailableError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { findClient } from "../keycloak/clients.ts";
import { isForbidden } from "../keycloak/failures.ts";
import { allPages } from "../keycloak/pages.ts";

/** A client of Keycloak. */
export type RealClient = ClientRepresentation & { readonly id: string; readonly clientId: string };

/** What all customers of a realm share, and the realm's clients. */
export interface RealRealm {
  readonly settings: RealmRepresentation;
  readonly scopes: readonly ClientScopeRepresentation[];
  /** Its client policies, without those of every realm. */
  readonly policies: readonly ClientPolicyRepresentation[];
  /** The profiles that its client policies enforce, without those of every realm. */
  readonly profiles: readonly ClientProfileRepresentation[];
  /** A client by its client id; undefined if Keycloak has none. */
  readonly client: (clientId: string) => Promise<RealClient | undefined>;
  /** The client ids of all clients; undefined for an existing realm, whose other clients are none of ours. */
  readonly clientIds: readonly string[] | undefined;
}

/**
 * Reads what a realm has. The clients of a managed realm are read page by page, those of an existing one as they are needed.
 *
 * @throws UnavailableError if there is no such realm, or the login may not view its settings and clients
 */
export async function readRealm(
  admin: KcAdminClient,
  { realm, existing = false }: RealmDeclaration,
): Promise<RealRealm> {
  try {
    const settings = await admin.realms.findOne({ realm });
    if (!settings)
      throw new UnavailableError(`Keycloak has no realm ${quoted(realm)}; deploy it first`);
    // Keycloak gives only the realm's name to a login that may not view the realm
    if (settings.accessTokenLifespan === undefined) throw mayNotView(realm);
    const scopes = await admin.clientScopes.find({ realm });
    const { policies = [] } = await admin.clientPolicies.listPolicies({ realm });
    const { profiles = [] } = await admin.clientPolicies.listProfiles({ realm });
    const clients = existing ? undefined : await allClients(admin, realm);
    return {
      ...{ settings, scopes, policies, profiles },
      client: async (clientId) => {
        // one that was created in the meantime may have moved another one to a page that was read before
        const client = clients?.get(clientId) ?? (await findClient(admin, realm, clientId));
        return client && { ...client, clientId };
      },
      clientIds: clients && [...clients.keys()],
    };
  } catch (error) {
    throw isForbidden(error) ? mayNotView(realm) : error;
  }
}

async function allClients(
  admin: KcAdminClient,
  realm: string,
): Promise<ReadonlyMap<string, RealClient>> {
  const clients = await allPages((range) => admin.clients.find({ realm, ...range }));
  return new Map((clients as RealClient[]).map((client) => [client.clientId, client]));
}

function mayNotView(realm: string): UnavailableError {
  return new UnavailableError(
    `this login may not view the realm ${quoted(realm)} and its clients; give it the roles view-realm and view-clients of realm-management`,
  );
}
