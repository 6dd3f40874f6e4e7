import { seconds } from "../../shape/codecs.ts";
import { isSameDuration } from "../../shape/duration.ts";
import { unlessConfigured, type Field, type Fields } from "../../shape/shape.ts";

const duration: Field = { as: seconds, omitZero: true, suppress: isSameDuration };

/** Attributes whose key in Keycloak is their name in camel case. */
function sameName(names: readonly string[], field: Field = {}): Fields {
  return Object.fromEntries(names.map((name) => [name, { at: camelCase(name), ...field }]));
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/gu, (_match, letter: string) => letter.toUpperCase());
}

/** All attributes of `keycloak_realm`; those without a key in Keycloak need code, see `realm-representation.ts`. */
export const realmFields: Fields = {
  realm: { at: "realm", forceNew: true },
  internal_id: { at: "id", omitZero: true, forceNew: true },
  enabled: { at: "enabled", default: true },
  display_name: { at: "displayName", suppress: unlessConfigured },
  display_name_html: { at: "displayNameHtml", suppress: unlessConfigured },
  user_managed_access: { at: "userManagedAccessAllowed", default: false },
  organizations_enabled: { at: "organizationsEnabled", omitZero: true, default: false },
  admin_permissions_enabled: { at: "adminPermissionsEnabled", omitZero: true },
  terraform_deletion_protection: { default: false },
  ...sameName([
    "registration_allowed",
    "registration_email_as_username",
    "edit_username_allowed",
    "reset_password_allowed",
    "remember_me",
    "verify_email",
    "login_with_email_allowed",
    "duplicate_emails_allowed",
  ]),
  ssl_required: { at: "sslRequired", omitZero: true, default: "external" },
  ...sameName(["login_theme", "account_theme", "admin_theme", "email_theme"], { omitZero: true }),
  default_signature_algorithm: { at: "defaultSignatureAlgorithm" },
  revoke_refresh_token: { at: "revokeRefreshToken", default: false },
  refresh_token_max_reuse: { at: "refreshTokenMaxReuse", default: 0 },
  offline_session_max_lifespan_enabled: {
    at: "offlineSessionMaxLifespanEnabled",
    omitZero: true,
    default: false,
  },
  oauth2_device_polling_interval: { at: "oauth2DevicePollingInterval", omitZero: true },
  ...sameName(
    [
      "sso_session_idle_timeout",
      "sso_session_idle_timeout_remember_me",
      "sso_session_max_lifespan",
      "sso_session_max_lifespan_remember_me",
      "offline_session_idle_timeout",
      "offline_session_max_lifespan",
      "client_session_idle_timeout",
      "client_session_max_lifespan",
      "access_token_lifespan",
      "access_token_lifespan_for_implicit_flow",
      "access_code_lifespan",
      "access_code_lifespan_login",
      "access_code_lifespan_user_action",
      "action_token_generated_by_user_lifespan",
      "action_token_generated_by_admin_lifespan",
      "oauth2_device_code_lifespan",
    ],
    duration,
  ),
  password_policy: { at: "passwordPolicy" },
  browser_flow: { at: "browserFlow", orElse: "browser" },
  registration_flow: { at: "registrationFlow", orElse: "registration" },
  direct_grant_flow: { at: "directGrantFlow", orElse: "direct grant" },
  reset_credentials_flow: { at: "resetCredentialsFlow", orElse: "reset credentials" },
  client_authentication_flow: { at: "clientAuthenticationFlow", orElse: "clients" },
  docker_authentication_flow: { at: "dockerAuthenticationFlow", orElse: "docker auth" },
  first_broker_login_flow: { at: "firstBrokerLoginFlow", orElse: "first broker login" },
  attributes: {},
  default_default_client_scopes: { at: "defaultDefaultClientScopes", omitZero: true },
  default_optional_client_scopes: { at: "defaultOptionalClientScopes", omitZero: true },
};
