/** Terraform's type of a client. */
export const clientType = "keycloak_openid_client";

/** Terraform's type of a client's list of default scopes. */
export const scopeListType = "keycloak_openid_client_default_scopes";

/** Terraform's types of a realm's own settings, and of what it hands out to new clients. */
export const managedRealmTypes = [
  "keycloak_realm",
  "keycloak_realm_events",
  "keycloak_realm_default_client_scopes",
  "keycloak_realm_optional_client_scopes",
];

/** Terraform's type of a client's list of optional scopes. */
export const optionalScopeListType = "keycloak_openid_client_optional_scopes";
