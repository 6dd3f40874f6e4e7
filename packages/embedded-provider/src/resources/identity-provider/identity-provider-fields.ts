import { quotedBool } from "../../shape/codecs.ts";
import type { Field, Fields } from "../../shape/shape.ts";
import { extraConfigField } from "../extra-config.ts";

const config = (key: string, more: Field = {}): Field => ({ at: ["config", key], ...more });
const flag = (key: string, more: Field = {}): Field =>
  config(key, { as: quotedBool, default: false, ...more });

/** Attributes that are read from Keycloak's IdentityProviderRepresentation one to one. */
export const representedFields: Fields = {
  alias: { at: "alias", forceNew: true },
  internal_id: { at: "internalId", omitZero: true },
  display_name: { at: "displayName" },
  enabled: { at: "enabled", default: true },
  store_token: { at: "storeToken", default: true },
  add_read_token_role_on_create: {
    at: "addReadTokenRoleOnCreate",
    default: false,
    forceNew: true,
  },
  authenticate_by_default: { at: "authenticateByDefault", default: false },
  link_only: { at: "linkOnly", default: false },
  trust_email: { at: "trustEmail", default: false },
  first_broker_login_flow_alias: {
    at: "firstBrokerLoginFlowAlias",
    default: "first broker login",
  },
  post_broker_login_flow_alias: { at: "postBrokerLoginFlowAlias", default: "" },
  hide_on_login_page: { at: "hideOnLogin", default: false, omitZero: true },
  organization_id: { at: "organizationId", omitZero: true },
  gui_order: config("guiOrder", { default: "" }),
  sync_mode: config("syncMode", { default: "LEGACY", oneOf: ["IMPORT", "FORCE", "LEGACY"] }),
  org_domain: config("kc.org.domain"),
  org_redirect_mode_email_matches: flag("kc.org.broker.redirect.mode.email-matches"),
  backchannel_supported: flag("backchannelSupported", { default: true }),
  validate_signature: flag("validateSignature"),
  authorization_url: config("authorizationUrl"),
  token_url: config("tokenUrl"),
  user_info_url: config("userInfoUrl"),
  jwks_url: config("jwksUrl"),
  logout_url: config("logoutUrl"),
  client_id: config("clientId"),
  login_hint: config("loginHint"),
  ui_locales: flag("uiLocales"),
  disable_user_info: flag("disableUserInfo"),
  issuer: config("issuer"),
  disable_type_claim_check: flag("disableTypeClaimCheck"),
};

/** Attributes that are written and never read back, as in the official provider. */
export const writtenFields: Fields = {
  provider_id: { at: "providerId", default: "oidc" },
  default_scopes: config("defaultScope", { default: "openid" }),
  accepts_prompt_none_forward_from_client: flag("acceptsPromptNoneForwardFromClient"),
};

/** Keys that other attributes set, or attributes of other kinds of identity providers. */
const reservedKeys = [
  "useJwksUrl clientSecret key hostIp hostedDomain userIp offlineAccess trustDomain bundleEndpoint apiUrl baseUrl",
  "entityId nameIDPolicyFormat singleLogoutServiceUrl singleSignOnServiceUrl signingCertificate signatureAlgorithm",
  "xmlSigKeyInfoKeyNameTransformer postBindingAuthnRequest postBindingResponse postBindingLogout forceAuthn",
  "wantAuthnRequestsSigned wantAssertionsSigned wantAssertionsEncrypted principalType principalAttribute",
  "authnContextClassRefs authnContextComparisonType authnContextDeclRefs githubJsonFormat fetchedFields",
].flatMap((keys) => keys.split(" "));

const sentFields = { ...representedFields, ...writtenFields };

/** All attributes of `keycloak_oidc_identity_provider`. */
export const identityProviderFields: Fields = {
  ...sentFields,
  realm: { forceNew: true },
  client_secret: {
    conflictsWith: ["client_secret_wo_version"],
    exactlyOneOf: ["client_secret", "client_secret_wo"],
  },
  client_secret_wo: { requiredWith: ["client_secret_wo_version"] },
  client_secret_wo_version: { requiredWith: ["client_secret_wo"] },
  extra_config: extraConfigField(sentFields, reservedKeys, "config"),
};
