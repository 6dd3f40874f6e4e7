import { durationText } from "../../configuration/fields/duration.ts";
import type { Authentication, PublicJwk } from "../../constructs/authentication/authentication.ts";
import { instantText } from "../../text/instant.ts";
import type { Credentials } from "../keycloak/customers/credentials.ts";

/** What a sheet lists, in order: labels with their values. */
export function fieldsOf(credentials: Credentials): readonly (readonly [string, string])[] {
  const { tokenUrl, clientId, auth, secret, previousSecretUntil, audiences } = credentials;
  const { permissions, tokenLifespan, tokenBinding, accessEnds } = credentials;
  return [
    ["Token URL", tokenUrl],
    ["Client id", clientId],
    ["Authentication", `${auth.method}, ${explanations[auth.method]}`],
    ...(secret === undefined ? [] : [["Client secret", secret] as const]),
    ...(previousSecretUntil
      ? [["Previous secret", `works until ${instantText(previousSecretUntil)}`] as const]
      : []),
    ...methodFields(credentials),
    ["Audience", audiences.join(", ")],
    ["Permissions", permissions.join(", ") || "none"],
    ...(tokenBinding ? [["Token binding", "DPoP, to a key of yours"] as const] : []),
    ...(tokenLifespan === undefined
      ? []
      : [["Token lifespan", durationText(tokenLifespan)] as const]),
    ["Access ends", accessEnds ?? "no end is set"],
  ];
}

/** A key as a sheet names it: `key-1 (ES256)`. */
export function keyLabel({ kid, alg }: PublicJwk): string {
  return `${kid} (${alg})`;
}

const explanations: Record<Authentication["method"], string> = {
  client_secret: "in HTTP Basic",
  private_key_jwt: "a JWT that you sign",
  tls_client_auth: "a TLS client certificate",
  federated_jwt: "a token of your own issuer",
};

function methodFields(credentials: Credentials): (readonly [string, string])[] {
  const { auth, issuer, trustedIssuer } = credentials;
  switch (auth.method) {
    case "client_secret":
      return [];
    case "private_key_jwt":
      return [
        ...(auth.jwks ?? []).map((key) => ["Key", keyLabel(key)] as const),
        ...(auth.jwksUrl === undefined ? [] : [["Key set", auth.jwksUrl] as const]),
        ["Assertion's aud", issuer],
      ];
    case "tls_client_auth":
      return [
        ["Subject", auth.subjectDn],
        ...(auth.caSubjectDn === undefined ? [] : [["Issued by", auth.caSubjectDn] as const]),
      ];
    case "federated_jwt":
      return [
        ["Token's iss", trustedIssuer ?? auth.issuer],
        ["Token's sub", auth.subject],
        ["Token's aud", issuer],
      ];
  }
}
