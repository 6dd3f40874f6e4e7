import { randomUUID } from "node:crypto";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ProtocolMapperRepresentation from "@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation.js";
import { issuerOf, requestToken } from "../../../../operations/keycloak/token.ts";

/** A protocol mapper that adds the API to `aud` of access tokens or of ID tokens. */
export function audienceMapper(tokens: "access" | "id"): ProtocolMapperRepresentation {
  return {
    name: `audience of ${tokens} tokens`,
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
    config: {
      "included.custom.audience": "atlas-api",
      "access.token.claim": String(tokens === "access"),
      "id.token.claim": String(tokens === "id"),
    },
  };
}

/** Creates another realm with a customer `acme` of the same API. @returns the customer's token */
export async function tokenOfAnotherRealm(
  admin: KcAdminClient,
  baseUrl: string,
  realm: string,
): Promise<string> {
  const clientSecret = randomUUID();
  await admin.realms.create({
    realm,
    enabled: true,
    clients: [
      {
        clientId: "acme",
        secret: clientSecret,
        serviceAccountsEnabled: true,
        protocolMappers: [audienceMapper("access")],
      },
    ],
  });
  const issuer = issuerOf(baseUrl, realm);
  const answer = await requestToken({ issuer, clientId: "acme", clientSecret });
  if ("error" in answer) throw new Error(`no token of ${realm}: ${answer.error}`);
  return answer.token;
}
