import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import {
  type Authentication,
  authenticationArguments,
  type AuthenticationMethod,
  methodOfAuthenticator,
} from "../../../constructs/authentication/authentication.ts";
import { quoted } from "../../../text/quoted.ts";
import { attributeOf } from "../../keycloak/clients.ts";
import { keyIds } from "../../review/compare/customers/key-ids.ts";
import { deployIt, listProblems, type Problem, removeIt, valueProblems } from "../difference.ts";

const keysAttribute = "jwks.string";
const certificateBinding = "tls.client.certificate.bound.access.tokens";

/** Client attributes that act with each method, except for the keys themselves, by Keycloak's names. */
const actingAttributes: Readonly<Record<AuthenticationMethod, readonly string[]>> = {
  client_secret: [],
  private_key_jwt: [
    "use.jwks.url",
    "jwks.url",
    "use.jwks.string",
    "token.endpoint.auth.signing.alg",
  ],
  tls_client_auth: ["x509.subjectdn", "x509.casubjectdn", "x509.allow.regex.pattern.comparison"],
  federated_jwt: ["jwt.credential.issuer", "jwt.credential.sub"],
};

/** Problems of how a client authenticates: its method, and the key, certificate or issuer that it is recognized by. */
export function authenticationProblems(
  client: ClientRepresentation,
  auth: Authentication,
): Problem[] {
  const { clientAuthenticatorType, extraConfig } = authenticationArguments(auth);
  const actual = client.clientAuthenticatorType ?? "";
  if (actual !== clientAuthenticatorType) {
    const problem = `authenticates with ${methodOfAuthenticator(actual) ?? quoted(actual)} and should with ${auth.method}`;
    return [{ problem, fix: deployIt }];
  }
  return [
    ...[...actingAttributes[auth.method], certificateBinding].flatMap((name) => {
      const expected = unlessOff(extraConfig[name] ?? "");
      const found = unlessOff(attributeOf(client, name));
      return valueProblems(name, found, expected, expected ? deployIt : removeIt);
    }),
    ...(extraConfig[keysAttribute] === undefined
      ? []
      : listProblems(
          "key",
          keysIn(attributeOf(client, keysAttribute)),
          keysIn(extraConfig[keysAttribute]),
          { extra: deployIt, missing: deployIt },
        )),
  ];
}

/** The value of an attribute. A flag that is off is as good as one that is not set. */
function unlessOff(value: string): string {
  return value === "false" ? "" : value;
}

/** The key ids and thumbprints of a key set. */
function keysIn(text: string): string[] {
  return keyIds(text).map(({ kid, thumbprint }) => `${kid ?? "no kid"} (${thumbprint})`);
}
