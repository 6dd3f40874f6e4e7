/**
 * The client id of the identity that deploys every day: a service account of the realm itself.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_fine_grain_permissions
 */
export const deployerClientId = "deployer";

/** Client ids that Keycloak creates in every realm, and the deployer's: no other client may have them. */
export const reservedClientIds: readonly string[] = [
  "account",
  "account-console",
  "admin-cli",
  "broker",
  "realm-management",
  "security-admin-console",
  deployerClientId,
];

/**
 * Client scopes that Keycloak creates in every realm, and `openid`, which it answers without one.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#protocol
 */
export const builtInScopes: readonly string[] = [
  "openid",
  "basic",
  "profile",
  "email",
  "address",
  "phone",
  "roles",
  "web-origins",
  "microprofile-jwt",
  "acr",
  "offline_access",
  "organization",
  "service_account",
  "role_list",
  "saml_organization",
];
