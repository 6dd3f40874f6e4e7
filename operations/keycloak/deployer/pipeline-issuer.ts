import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import { pipelineIssuerAlias } from "../../../constructs/names/reserved-names.ts";
import { RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { allPages } from "../pages.ts";
import type { PipelineTrust } from "./pipeline-trust.ts";
import { refuseSubjectsOfOthers } from "./shared-subjects.ts";

/**
 * Makes a realm trust the issuer of a pipeline's tokens, each of which works once. Keycloak finds an issuer by its address, so there may be
 * only one of it: if `main.ts` declares it too, that one is used, and one that an earlier call created is removed.
 *
 * @param admin a login that may manage the realm
 * @returns the issuer's alias
 * @throws RefusedError if the one of `main.ts` is disabled, or its tokens may be used again, or a customer has one of the subjects
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client-credentials
 */
export async function trustPipelineIssuer(
  admin: KcAdminClient,
  realm: string,
  { issuer: { issuer, jwksUrl }, deployer, reader }: PipelineTrust,
): Promise<string> {
  const { identityProviders } = admin;
  const providers = await allPages((range) => identityProviders.find({ realm, ...range }));
  const own = providers.find(({ alias }) => alias === pipelineIssuerAlias);
  const declared = providers.find(
    ({ alias, config }) =>
      alias !== pipelineIssuerAlias &&
      config?.issuer === issuer &&
      config.supportsClientAssertions === "true",
  );
  if (declared?.alias !== undefined) {
    refuseUnfit(declared);
    const subjects = [deployer, ...(reader === undefined ? [] : [reader])];
    await refuseSubjectsOfOthers(admin, realm, declared.alias, subjects);
    if (own) await identityProviders.del({ realm, alias: pipelineIssuerAlias });
    return declared.alias;
  }
  const settings = {
    ...{ alias: pipelineIssuerAlias, displayName: "Pipeline", providerId: "oidc", enabled: true },
    ...{ hideOnLogin: true, linkOnly: true },
    config: {
      ...{ issuer, jwksUrl, useJwksUrl: "true", validateSignature: "true" },
      ...{ supportsClientAssertions: "true", supportsClientAssertionReuse: "false" },
      // nobody signs in with it: what Keycloak demands for that is never used
      ...{ clientId: "not-used", authorizationUrl: issuer, tokenUrl: issuer },
    },
  };
  if (own) await identityProviders.update({ realm, alias: pipelineIssuerAlias }, settings);
  else await identityProviders.create({ realm, ...settings });
  return pipelineIssuerAlias;
}

/** Refuses an issuer that is not fit for a pipeline. */
export function refuseUnfit({ alias, enabled, config }: IdentityProviderRepresentation): void {
  const name = quoted(alias);
  if (enabled === false)
    throw new RefusedError(
      `the realm's issuer ${name} is disabled, so the pipeline could not log in; enable it in Keycloak, or remove it from main.ts`,
    );
  if (config?.supportsClientAssertionReuse === "true")
    throw new RefusedError(
      `the realm's issuer ${name} accepts a token more than once, so a leaked token of the pipeline would log in too; remove "reusable" from it in main.ts, and deploy that first`,
    );
}
