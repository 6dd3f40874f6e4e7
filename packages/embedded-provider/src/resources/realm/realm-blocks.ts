import { quotedBool } from "../../shape/codecs.ts";
import type { BlockShape, Field } from "../../shape/shape.ts";
import { webAuthnPolicy } from "./web-authn-policy.ts";

const smtp = (key: string, more: Field = {}): Field => ({
  at: ["smtpServer", key],
  omitZero: true,
  ...more,
});

// Keycloak returns asterisks instead of a secret; that is not a change
const masked: Field = { suppress: (before) => before === "**********" };

const smtpServer = {
  fields: {
    starttls: smtp("starttls", { as: quotedBool }),
    port: smtp("port"),
    host: smtp("host"),
    reply_to: smtp("replyTo"),
    reply_to_display_name: smtp("replyToDisplayName"),
    from: smtp("from"),
    from_display_name: smtp("fromDisplayName"),
    envelope_from: smtp("envelopeFrom"),
    ssl: smtp("ssl", { as: quotedBool }),
    allow_utf8: smtp("allowutf8", { as: quotedBool }),
  },
  blocks: {
    auth: {
      fields: { username: smtp("user"), password: smtp("password", masked) },
      conflictsWith: ["token_auth"],
    },
    token_auth: {
      fields: {
        username: smtp("user"),
        url: smtp("authTokenUrl"),
        client_id: smtp("authTokenClientId"),
        client_secret: smtp("authTokenClientSecret", masked),
        scope: smtp("authTokenScope"),
      },
      conflictsWith: ["auth"],
    },
  },
} satisfies BlockShape;

const header = (key: string, standard: string): Field => ({
  at: ["browserSecurityHeaders", key],
  default: standard,
});

const securityDefenses = {
  absent: "zeros",
  fields: {},
  blocks: {
    headers: {
      absent: "defaults",
      fields: {
        x_frame_options: header("xFrameOptions", "SAMEORIGIN"),
        content_security_policy: header(
          "contentSecurityPolicy",
          "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
        ),
        content_security_policy_report_only: header("contentSecurityPolicyReportOnly", ""),
        x_content_type_options: header("xContentTypeOptions", "nosniff"),
        x_robots_tag: header("xRobotsTag", "none"),
        x_xss_protection: header("xXSSProtection", "1; mode=block"),
        strict_transport_security: header(
          "strictTransportSecurity",
          "max-age=31536000; includeSubDomains",
        ),
        referrer_policy: header("referrerPolicy", "no-referrer"),
      },
    },
    brute_force_detection: {
      absent: "defaults",
      fields: {
        permanent_lockout: { at: "permanentLockout", default: false },
        brute_force_strategy: { at: "bruteForceStrategy", omitZero: true, default: "MULTIPLE" },
        max_temporary_lockouts: { at: "maxTemporaryLockouts", omitZero: true, default: 0 },
        max_login_failures: { at: "failureFactor", default: 30 },
        wait_increment_seconds: { at: "waitIncrementSeconds", default: 60 },
        quick_login_check_milli_seconds: { at: "quickLoginCheckMilliSeconds", default: 1_000 },
        minimum_quick_login_wait_seconds: { at: "minimumQuickLoginWaitSeconds", default: 60 },
        max_failure_wait_seconds: { at: "maxFailureWaitSeconds", default: 900 },
        failure_reset_time_seconds: { at: "maxDeltaTimeSeconds", default: 43_200 },
      },
    },
  },
} satisfies BlockShape;

const otpPolicy: BlockShape = {
  computed: true,
  absent: "zeros",
  fields: {
    type: { at: "otpPolicyType", omitZero: true, default: "totp", oneOf: ["totp", "hotp"] },
    algorithm: {
      at: "otpPolicyAlgorithm",
      omitZero: true,
      default: "HmacSHA1",
      oneOf: ["HmacSHA1", "HmacSHA256", "HmacSHA512"],
    },
    digits: { at: "otpPolicyDigits", omitZero: true, default: 6 },
    initial_counter: { at: "otpPolicyInitialCounter", omitZero: true, default: 2 },
    look_ahead_window: { at: "otpPolicyLookAheadWindow", omitZero: true, default: 1 },
    period: { at: "otpPolicyPeriod", omitZero: true, default: 30 },
    code_reusable: { at: "otpPolicyCodeReusable", default: false },
  },
};

/** The nested blocks of `keycloak_realm`; the keys of all their fields are in the RealmRepresentation itself, which is flat. */
export const realmBlocks = {
  smtp_server: smtpServer,
  internationalization: {
    fields: {
      supported_locales: { at: "supportedLocales" },
      default_locale: { at: "defaultLocale" },
    },
    absent: "zeros",
  },
  security_defenses: securityDefenses,
  otp_policy: otpPolicy,
  web_authn_policy: webAuthnPolicy("webAuthnPolicy"),
  web_authn_passwordless_policy: webAuthnPolicy("webAuthnPolicyPasswordless", {
    passwordless_passkeys_enabled: { at: "webAuthnPolicyPasswordlessPasskeysEnabled" },
  }),
} satisfies Record<string, BlockShape>;
