/**
 * A client with a secret that only Keycloak holds: terraform makes it up as it applies and forgets it. 64 hexadecimal digits,
 * because `+` and `/` of base64 would have to be percent-encoded in HTTP Basic (RFC 6749, section 2.3.1).
 *
 * @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 */
export const confidential = {
  accessType: "CONFIDENTIAL",
  clientAuthenticatorType: "client-secret",
  clientSecretWo: '${sha256("${uuid()}${uuid()}")}',
  clientSecretWoVersion: "1",
} as const;

/**
 * No way to a token: each client switches on what it needs.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#capability-config
 */
export const everyFlowOff = {
  standardFlowEnabled: false,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  oauth2DeviceAuthorizationGrantEnabled: false,
  standardTokenExchangeEnabled: false,
} as const;
