/** The settings for signing in at Keycloak. */
export interface KeycloakSettings {
  /** Keycloak's address, with its base path and without a trailing slash. */
  readonly url: string;
  readonly realm: string;
  readonly clientId: string;
  /** The address that Keycloak redirects users to. Exactly this one is registered at the client. */
  readonly redirectUri: string;
  /** The registered address that Keycloak sends users to after signing out; empty if there is none. */
  readonly postLogoutRedirectUri: string;
  /** The claim of the ID token with the permissions that the user's roles grant; empty if the API has no roles. */
  readonly permissionsClaim: string;
}

const redirectUri = new URL(import.meta.env.BASE_URL, location.origin).href;

/** The settings of this build. */
export const settings = {
  keycloak: {
    url: withoutSlash(import.meta.env.VITE_KEYCLOAK_URL.trim()),
    realm: import.meta.env.VITE_KEYCLOAK_REALM.trim(),
    clientId: import.meta.env.VITE_KEYCLOAK_CLIENT_ID.trim(),
    redirectUri,
    postLogoutRedirectUri: import.meta.env.VITE_POST_LOGOUT_REDIRECT_URI.trim(),
    permissionsClaim: import.meta.env.VITE_PERMISSIONS_CLAIM?.trim() ?? "",
  } satisfies KeycloakSettings,
  apiUrl: withoutSlash(import.meta.env.VITE_API_URL.trim()),
};

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
