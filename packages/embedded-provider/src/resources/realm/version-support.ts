import type { Json } from "../../keycloak/json.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { isZero, textOf, type State } from "../../protocol/value.ts";
import { nestedBlock } from "../../shape/representation.ts";
import { unspecified } from "./web-authn-policy.ts";

/** The first Keycloak with passkeys in the passwordless policy. */
const passkeysVersion = "26.3.5";
const passkeysKey = "webAuthnPolicyPasswordlessPasskeysEnabled";

/** The first Keycloak with `discoverable_credential`. */
const discoverableVersion = "26.7.0";
const discoverableKeys = {
  web_authn_policy: "webAuthnPolicyResidentKey",
  web_authn_passwordless_policy: "webAuthnPolicyPasswordlessResidentKey",
};

/**
 * Removes the keys of a RealmRepresentation that a version of Keycloak does not know.
 *
 * @throws ProviderError if one of them is configured
 */
export function removeUnsupported(json: Json, state: State, version: string): void {
  const refuse = (block: string, attribute: string, since: string): never => {
    throw new ProviderError(
      `${attribute} in ${block} for realm "${textOf(state, "realm")}" is not supported by your Keycloak version ${version} (requires >= ${since})`,
      [block, 0, attribute],
    );
  };
  if (!isAtLeast(version, discoverableVersion)) {
    for (const [block, key] of Object.entries(discoverableKeys)) {
      if (![undefined, unspecified].includes(json[key] as string | undefined))
        refuse(block, "discoverable_credential", discoverableVersion);
      json[key] = undefined;
    }
  }
  const passwordless = nestedBlock(state, "web_authn_passwordless_policy");
  const hasPasskeys = isAtLeast(version, passkeysVersion);
  if (!hasPasskeys && passwordless?.passwordless_passkeys_enabled === true)
    refuse("web_authn_passwordless_policy", "passwordless_passkeys_enabled", passkeysVersion);
  if (!hasPasskeys || passwordless === undefined) json[passkeysKey] = undefined;
}

/** Resets attributes of the two WebAuthn policies that a version of Keycloak does not know, or does not return. */
export function resetUnsupported(webAuthn: State, passwordless: State, version: string): void {
  const hasDiscoverable = isAtLeast(version, discoverableVersion);
  for (const policy of [webAuthn, passwordless]) {
    if (!hasDiscoverable || isZero(policy.discoverable_credential))
      policy.discoverable_credential = unspecified;
  }
  if (!isAtLeast(version, passkeysVersion)) passwordless.passwordless_passkeys_enabled = null;
}

function isAtLeast(version: string, minimum: string): boolean {
  const [actual, wanted] = [versionNumbers(version), versionNumbers(minimum)];
  const index = wanted.findIndex((part, at) => part !== (actual[at] ?? 0));
  return index === -1 || (actual[index] ?? 0) > (wanted[index] ?? 0);
}

function versionNumbers(version: string): number[] {
  return version.split(/[.-]/u).map((part) => Number.parseInt(part, 10) || 0);
}
