import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import { issuerType } from "../../../constructs/names/resource-types.ts";
import { discover } from "../../keycloak/discovery.ts";
import { isForbidden } from "../../keycloak/failures.ts";
import { secondsIn } from "../../terraform/duration.ts";
import {
  type ResourceArguments,
  resourcesOfType,
  type StackContent,
} from "../../terraform/synthesis/stack-json.ts";
import { deployAsAdministrator, isMissing, type Problem, valueProblems } from "../difference.ts";

/** Flags of every issuer: its tokens are verified with the keys at its address. Otherwise a key in Keycloak would verify them. */
const alwaysOn = { validateSignature: "true", useJwksUrl: "true" };

/** Problems of what tokens get from the realm itself. */
export function realmProblems(
  { enabled = true, accessTokenLifespan = 0 }: RealmRepresentation,
  { resources }: Pick<StackContent, "resources">,
): Problem[] {
  const declared = resourcesOfType(resources, "keycloak_realm")[0]?.[1].access_token_lifespan;
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

/** Problems of the `iss` of a realm's tokens, as the realm publishes it. */
export async function issuerProblems(expected: string): Promise<Problem[]> {
  const { issuer } = await discover(expected);
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
  {
    declaration: { realm, issuers = {} },
    resources,
  }: Pick<StackContent, "declaration" | "resources">,
): Promise<{ readonly name: string; readonly problems: readonly Problem[] }[] | undefined> {
  const declared = resourcesOfType(resources, issuerType).map(([, values]) => values);
  try {
    const verified = [];
    for (const [alias, issuer] of Object.entries(issuers)) {
      const found = await identityProviders.findOne({ realm, alias });
      const resource = declared.find((values) => values.alias === alias) ?? {};
      verified.push({ name: alias, problems: problemsOfIssuer(found, issuer, resource) });
    }
    return verified;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** @param resource arguments of the issuer's resource, whose `extra_config` has flags by Keycloak's names */
function problemsOfIssuer(
  found: IdentityProviderRepresentation | undefined,
  issuer: string,
  { jwks_url: jwksUrl, extra_config: flags }: ResourceArguments,
): Problem[] {
  const fix = deployAsAdministrator;
  if (!found) return [{ ...isMissing, fix }];
  const config = (found.config ?? {}) as Readonly<Record<string, string>>;
  return [
    ...valueProblems("enabled", found.enabled ?? true, true, fix),
    ...valueProblems("issuer", config.issuer ?? "", issuer, fix),
    ...(typeof jwksUrl === "string"
      ? valueProblems("jwksUrl", config.jwksUrl ?? "", jwksUrl, fix)
      : []),
    ...Object.entries({ ...alwaysOn, ...(flags as object) }).flatMap(([name, expected]) =>
      valueProblems(name, config[name] === "true", expected === "true", fix),
    ),
  ];
}
