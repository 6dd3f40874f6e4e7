import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";

/** A client with its UUID, as Keycloak lists it. */
export type FoundClient = ClientRepresentation & { readonly id: string };

/** A client by its client id; undefined if the realm has none with that id. */
export async function findClient(
  admin: KcAdminClient,
  realm: string,
  clientId: string,
): Promise<FoundClient | undefined> {
  const [client] = await admin.clients.find({ realm, clientId });
  return client?.id === undefined ? undefined : { ...client, id: client.id };
}

/** A client attribute; an empty text if it is not set. */
export function attributeOf({ attributes }: ClientRepresentation, name: string): string {
  const values = (attributes ?? {}) as Readonly<Record<string, string>>;
  return values[name] ?? "";
}
