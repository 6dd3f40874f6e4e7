import type MappingsRepresentation from "@keycloak/keycloak-admin-client/lib/defs/mappingsRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";

/** A role as text: that of a client with its client id, such as `atlas-api/clerk`, and that of the realm with its name only. */
export function roleText(name: string, client?: string): string {
  return client === undefined ? name : `${client}/${name}`;
}

/** The roles of mappings, each as {@link roleText}. */
export function rolesIn({ realmMappings = [], clientMappings = {} }: MappingsRepresentation) {
  const ofClients = Object.entries(
    clientMappings as Readonly<Record<string, { readonly mappings: RoleRepresentation[] }>>,
  );
  return [
    ...realmMappings.map(({ name = "" }) => roleText(name)),
    ...ofClients.flatMap(([client, { mappings }]) =>
      mappings.map(({ name = "" }) => roleText(name, client)),
    ),
  ];
}
