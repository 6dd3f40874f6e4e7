/**
 * Settings of a client whose secret only Keycloak holds: terraform generates it when it applies, and keeps it nowhere. It has 64
 * hexadecimal digits, because `+` and `/` of base64 would need percent-encoding in HTTP Basic (RFC 6749, section 2.3.1).
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
 * Settings that leave a client no way to obtain a token. Each kind of client enables only the flow it needs.
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
