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

/** Terraform's type of a role. */
export const roleType = "keycloak_role";

/** Terraform's type of a group. */
export const groupType = "keycloak_group";

/** Terraform's type of a group's list of roles. */
export const groupRolesType = "keycloak_group_roles";

/** Terraform's type of a role that tokens may contain by a client scope. */
export const roleScopeType = "keycloak_generic_role_mapper";

/** Terraform's type of the mapper that adds a claim with a person's roles. */
export const roleMapperType = "keycloak_openid_user_client_role_protocol_mapper";

/** Terraform's type of a client scope. */
export const scopeType = "keycloak_openid_client_scope";

/** Terraform's type of the mapper that adds an API to a token's `aud`. */
export const audienceMapperType = "keycloak_openid_audience_protocol_mapper";

/** Terraform's type of a trusted issuer. */
export const issuerType = "keycloak_oidc_identity_provider";

/** Terraform's type of a client profile: what a client policy enforces. */
export const clientProfileType = "keycloak_realm_client_policy_profile";

/** Terraform's type of a client policy. */
export const clientPolicyType = "keycloak_realm_client_policy_profile_policy";

/** Terraform's types of a client policy and its profile. */
export const clientPolicyTypes: readonly string[] = [clientProfileType, clientPolicyType];
