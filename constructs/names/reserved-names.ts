/**
 * Client id of the deployer: the service account of a realm that deploys everyday changes.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_fine_grain_permissions
 */
export const deployerClientId = "deployer";

/** Client id of the reader: the service account of a realm that plans and looks for drift, and changes nothing. */
export const readerClientId = "deployer-reader";

/** Alias of the issuer whose tokens the deployer and the reader log in with, unless `main.ts` trusts that issuer too. */
export const pipelineIssuerAlias = "pipeline";

/** Client ids that no declared client may have: those that Keycloak creates in every realm, the deployer's and the reader's. */
export const reservedClientIds: readonly string[] = [
  "account",
  "account-console",
  "admin-cli",
  "admin-permissions",
  "broker",
  "realm-management",
  "security-admin-console",
  deployerClientId,
  readerClientId,
];

/** Composite role of all permissions of an API. Nobody has it: it limits which roles tokens may contain. */
export const allPermissionsRole = "all-permissions";

/**
 * Names that no role of an API may have: `uma_protection` is Keycloak's, for a client with authorization services.
 *
 * @see https://www.keycloak.org/docs/latest/authorization_services/#_service_protection_whatis_obtain_pat
 */
export const reservedRoles: readonly string[] = [allPermissionsRole, "uma_protection"];

/** Names of the client scopes that every customer has, besides its access. Keycloak creates them in every realm. */
export const scopesOfCustomers: readonly string[] = ["basic", "service_account"];

/**
 * Names of the client scopes that Keycloak creates in a realm, some only with a feature, and `openid`, which is no client scope but is
 * reserved too.
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
  "AuthnContextClassRef",
  "delegation:user",
  "delegation:client",
];
