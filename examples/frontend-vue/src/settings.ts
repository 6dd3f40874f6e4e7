/** Where users sign in. */
export interface KeycloakSettings {
  /** Keycloak's address, with its base path and without a slash at the end. */
  readonly url: string;
  readonly realm: string;
  readonly clientId: string;
  /** Where Keycloak sends users back to: exactly this address is registered at the client. */
  readonly redirectUri: string;
}

/** The settings of this build. */
export const settings = {
  keycloak: {
    url: withoutSlash(import.meta.env.VITE_KEYCLOAK_URL.trim()),
    realm: import.meta.env.VITE_KEYCLOAK_REALM.trim(),
    clientId: import.meta.env.VITE_KEYCLOAK_CLIENT_ID.trim(),
    redirectUri: new URL(import.meta.env.BASE_URL, location.origin).href,
  } satisfies KeycloakSettings,
  apiUrl: withoutSlash(import.meta.env.VITE_API_URL.trim()),
};

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
