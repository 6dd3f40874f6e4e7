import { hashDelimited, quotedBool } from "../../shape/codecs.ts";
import { unlessConfigured, type BlockShape, type Field, type Fields } from "../../shape/shape.ts";
import { extraConfigField } from "../extra-config.ts";

const attribute = (key: string, more: Field = {}): Field => ({ at: ["attributes", key], ...more });
const flag = (key: string, more: Field = {}): Field => attribute(key, { as: quotedBool, ...more });

const clearable = { suppress: unlessConfigured };

/** Attributes that Keycloak's ClientRepresentation contains one to one. */
export const representedFields: Fields = {
  client_id: { at: "clientId" },
  name: { at: "name", ...clearable },
  enabled: { at: "enabled", default: true },
  description: { at: "description", ...clearable },
  client_authenticator_type: { at: "clientAuthenticatorType", default: "client-secret" },
  standard_flow_enabled: { at: "standardFlowEnabled" },
  implicit_flow_enabled: { at: "implicitFlowEnabled" },
  direct_access_grants_enabled: { at: "directAccessGrantsEnabled" },
  service_accounts_enabled: { at: "serviceAccountsEnabled" },
  frontchannel_logout_enabled: { at: "frontchannelLogout" },
  valid_redirect_uris: { at: "redirectUris" },
  valid_post_logout_redirect_uris: attribute("post.logout.redirect.uris", { as: hashDelimited }),
  web_origins: { at: "webOrigins" },
  admin_url: { at: "adminUrl", ...clearable },
  base_url: { at: "baseUrl", ...clearable },
  full_scope_allowed: { at: "fullScopeAllowed", default: true },
  consent_required: { at: "consentRequired" },
  always_display_in_console: { at: "alwaysDisplayInConsole", default: false },
  pkce_code_challenge_method: attribute("pkce.code.challenge.method", {
    oneOf: ["", "plain", "S256"],
  }),
  require_dpop_bound_tokens: flag("dpop.bound.access.tokens"),
  access_token_lifespan: attribute("access.token.lifespan"),
  client_offline_session_idle_timeout: attribute("client.offline.session.idle.timeout"),
  client_offline_session_max_lifespan: attribute("client.offline.session.max.lifespan"),
  client_session_idle_timeout: attribute("client.session.idle.timeout"),
  client_session_max_lifespan: attribute("client.session.max.lifespan"),
  display_on_consent_screen: flag("display.on.consent.screen"),
  consent_screen_text: attribute("consent.screen.text", clearable),
  login_theme: attribute("login_theme", clearable),
  use_refresh_tokens: flag("use.refresh.tokens", { default: true }),
  use_refresh_tokens_client_credentials: flag("client_credentials.use_refresh_token", {
    default: false,
  }),
  standard_token_exchange_enabled: flag("standard.token.exchange.enabled", { default: false }),
  allow_refresh_token_in_standard_token_exchange: attribute(
    "standard.token.exchange.enableRefreshRequestedTokenType",
  ),
  frontchannel_logout_url: attribute("frontchannel.logout.url", clearable),
  backchannel_logout_url: attribute("backchannel.logout.url", clearable),
  backchannel_logout_session_required: flag("backchannel.logout.session.required", {
    default: true,
  }),
  backchannel_logout_revoke_offline_sessions: flag("backchannel.logout.revoke.offline.tokens"),
  oauth2_device_authorization_grant_enabled: flag("oauth2.device.authorization.grant.enabled", {
    default: false,
  }),
  oauth2_device_code_lifespan: attribute("oauth2.device.code.lifespan"),
  oauth2_device_polling_interval: attribute("oauth2.device.polling.interval"),
  oauth2_jwt_authorization_grant_enabled: flag("oauth2.jwt.authorization.grant.enabled", {
    default: false,
  }),
  oauth2_jwt_authorization_grant_idp: attribute("oauth2.jwt.authorization.grant.idp"),
};

/** Attributes that are written and never read back, as in the official provider. */
export const writtenFields: Fields = {
  exclude_session_state_from_auth_response: flag("exclude.session.state.from.auth.response"),
  exclude_issuer_from_auth_response: flag("exclude.issuer.from.auth.response"),
};

const writeOnly = ["client_secret_wo", "client_secret_wo_version"];
const regenerate = "client_secret_regenerate_when_changed";

/** Attributes that need code: see `client.ts` and `client-representation.ts`. */
const specialFields: Fields = {
  realm_id: { forceNew: true },
  import: { forceNew: true, default: false },
  access_type: { oneOf: ["CONFIDENTIAL", "PUBLIC", "BEARER-ONLY"] },
  root_url: clearable,
  client_secret: { conflictsWith: [...writeOnly, regenerate] },
  client_secret_wo: {
    conflictsWith: ["client_secret", regenerate],
    requiredWith: ["client_secret_wo_version"],
  },
  client_secret_wo_version: {
    conflictsWith: ["client_secret", regenerate],
    requiredWith: ["client_secret_wo"],
  },
  [regenerate]: { conflictsWith: ["client_secret", ...writeOnly] },
};

/** All attributes of `keycloak_openid_client`. */
export const clientFields: Fields = {
  ...representedFields,
  ...writtenFields,
  ...specialFields,
  extra_config: extraConfigField({ ...representedFields, ...writtenFields }),
};

/** The nested blocks of `keycloak_openid_client`; the keys of their fields are in the JSON object of the block. */
export const clientBlocks = {
  authorization: {
    fields: {
      policy_enforcement_mode: {
        at: "policyEnforcementMode",
        oneOf: ["ENFORCING", "PERMISSIVE", "DISABLED"],
      },
      decision_strategy: {
        at: "decisionStrategy",
        oneOf: ["UNANIMOUS", "AFFIRMATIVE", "CONSENSUS"],
        default: "UNANIMOUS",
      },
      allow_remote_resource_management: { at: "allowRemoteResourceManagement", default: false },
      keep_defaults: { default: false },
    },
  },
  authentication_flow_binding_overrides: {
    fields: { browser_id: { at: "browser" }, direct_grant_id: { at: "direct_grant" } },
  },
} as const satisfies Record<string, BlockShape>;
