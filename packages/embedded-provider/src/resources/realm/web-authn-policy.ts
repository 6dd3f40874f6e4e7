import { nullableList } from "../../shape/codecs.ts";
import type { BlockShape, Field, Fields } from "../../shape/shape.ts";

/** The choice that leaves the decision to Keycloak. */
export const unspecified = "not specified";

const choice = (at: string, ...values: readonly string[]): Field => ({
  at,
  default: unspecified,
  oneOf: [unspecified, ...values],
});

/**
 * The nested block for one of Keycloak's two WebAuthn policies.
 *
 * @param prefix the beginning of its keys in the RealmRepresentation
 * @param more fields that only this policy has; by default none
 * @see https://www.w3.org/TR/webauthn-2/
 */
export function webAuthnPolicy(prefix: string, more: Fields = {}): BlockShape {
  return {
    computed: true,
    absent: "zeros",
    fields: {
      acceptable_aaguids: { at: `${prefix}AcceptableAaguids`, as: nullableList },
      extra_origins: { at: `${prefix}ExtraOrigins`, omitZero: true },
      attestation_conveyance_preference: choice(
        `${prefix}AttestationConveyancePreference`,
        "none",
        "indirect",
        "direct",
        "enterprise",
      ),
      authenticator_attachment: choice(
        `${prefix}AuthenticatorAttachment`,
        "platform",
        "cross-platform",
      ),
      avoid_same_authenticator_register: {
        at: `${prefix}AvoidSameAuthenticatorRegister`,
        default: false,
      },
      create_timeout: { at: `${prefix}CreateTimeout`, default: 0, warn: outsideRecommendation },
      require_resident_key: {
        ...choice(`${prefix}RequireResidentKey`, "Yes", "No"),
        warn: () => "Keycloak has deprecated require_resident_key; use discoverable_credential",
      },
      discoverable_credential: {
        ...choice(`${prefix}ResidentKey`, "required", "preferred", "discouraged"),
        omitZero: true,
      },
      relying_party_entity_name: { at: `${prefix}RpEntityName`, default: "keycloak" },
      relying_party_id: { at: `${prefix}RpId`, default: "" },
      signature_algorithms: { at: `${prefix}SignatureAlgorithms`, as: nullableList },
      user_verification_requirement: choice(
        `${prefix}UserVerificationRequirement`,
        "required",
        "preferred",
        "discouraged",
      ),
      ...more,
    },
  };
}

function outsideRecommendation(value: unknown): string | undefined {
  const timeout = Number(value);
  if (timeout === 0 || (timeout >= 30 && timeout <= 600)) return undefined;
  return `create_timeout is ${timeout} seconds; WebAuthn recommends 30 to 600, and at most 180 when user verification is discouraged`;
}
