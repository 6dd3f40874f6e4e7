import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import { requestOptions } from "../keycloak/request-options.ts";
import { isForbidden } from "../keycloak/failures.ts";
import type { StackContent } from "../terraform/stack-json.ts";
import { isMissing, type Problem, valueProblems } from "./difference.ts";

const deployAsAdministrator = "run npm run deploy as an administrator";

/** Problems of what tokens get from the realm itself. */
export function realmProblems(
  { enabled = true, accessTokenLifespan = 0 }: RealmRepresentation,
  { resources }: Pick<StackContent, "resources">,
): Problem[] {
  const declared = Object.entries(resources).find(([address]) =>
    address.startsWith("keycloak_realm."),
  )?.[1].access_token_lifespan;
  return [
    ...valueProblems("enabled", enabled, true, "enable it in Keycloak"),
    ...(typeof declared === "string"
      ? valueProblems(
          "accessTokenLifespan",
          accessTokenLifespan,
          secondsIn(declared),
          deployAsAdministrator,
        )
      : []),
  ];
}

/** The seconds of a duration of Terraform's provider, such as `5m0s`. */
function secondsIn(duration: string): number {
  const seconds = { h: 3_600, m: 60, s: 1 };
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * seconds[unit as keyof typeof seconds],
    0,
  );
}

/**
 * Problems of the `iss` of a realm's tokens, as its metadata publishes it.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export async function issuerProblems(expected: string): Promise<Problem[]> {
  const response = await fetch(`${expected}/.well-known/openid-configuration`, requestOptions());
  if (!response.ok)
    return [
      { problem: `publishes no metadata (HTTP ${response.status})`, fix: "enable it in Keycloak" },
    ];
  const { issuer = "" } = (await response.json()) as { readonly issuer?: string };
  return valueProblems(
    "iss",
    issuer,
    expected,
    "correct Keycloak's hostname or the realm's Frontend URL, or the environment's address",
  );
}

/** Problems of the trusted issuers, by name; undefined if the login may not view them. */
export async function trustedIssuerProblems(
  { identityProviders }: KcAdminClient,
  realm: string,
  issuers: Readonly<Record<string, string>>,
): Promise<{ readonly name: string; readonly problems: readonly Problem[] }[] | undefined> {
  const fix = deployAsAdministrator;
  try {
    const verified = [];
    for (const [alias, issuer] of Object.entries(issuers)) {
      const found = await identityProviders.findOne({ realm, alias });
      const config = (found?.config ?? {}) as Readonly<Record<string, string>>;
      const isOn = (name: string) => config[name] === "true";
      const problems = found
        ? [
            ...valueProblems("enabled", found.enabled ?? true, true, fix),
            ...valueProblems("issuer", config.issuer ?? "", issuer, fix),
            ...valueProblems("validateSignature", isOn("validateSignature"), true, fix),
            ...["supportsClientAssertions", "supportsClientAssertionReuse"].flatMap((name, at) =>
              valueProblems(name, isOn(name), at === 0, fix),
            ),
          ]
        : [{ ...isMissing, fix }];
      verified.push({ name: alias, problems });
    }
    return verified;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
