/** Terraform's type of a client. */
export const clientType = "keycloak_openid_client";

/** Terraform's type of a client's list of default scopes. */
export const scopeListType = "keycloak_openid_client_default_scopes";

/** Terraform's type of a client's list of optional scopes. */
export const optionalScopeListType = "keycloak_openid_client_optional_scopes";
