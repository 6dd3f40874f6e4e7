import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { scopesOfCustomers } from "../../constructs/names/reserved-names.ts";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import type { JWTPayload } from "jose";
import type { Customer } from "../../constructs/declaration.ts";
import { quoted } from "../../text/quoted.ts";
import { claimProblems, type ExpectedToken, payloadProblems } from "../keycloak/token.ts";
import type { Problem } from "./difference.ts";

/** Claims of every token of a service account, whatever its client scopes. */
const ownClaims = [
  ...["exp", "iat", "nbf", "jti", "iss", "aud", "sub", "typ", "azp", "sid", "scope"],
  ...["acr", "cnf"],
];

/** What the tokens of all customers of a realm have in common. */
export interface CommonToken {
  /** Lifespan of a token in seconds, if the customer sets none. */
  readonly lifespan: number;
  /** The longest lifespan that the realm allows, in seconds. */
  readonly longest: number;
  /** The names of the claims that a token may have. */
  readonly claims: ReadonlySet<string>;
}

/** What the tokens of all customers of a realm have in common, with the claims of the two built-in scopes that they all have. */
export function commonToken(
  { accessTokenLifespan = 0, ssoSessionMaxLifespan = Infinity }: RealmRepresentation,
  scopes: readonly ClientScopeRepresentation[],
): CommonToken {
  const mappers = scopes
    .filter(({ name = "" }) => scopesOfCustomers.includes(name))
    .flatMap(({ protocolMappers = [] }) => protocolMappers);
  const added = mappers.flatMap(({ config }) => (config as Config)?.["claim.name"] ?? []);
  return {
    ...{ lifespan: accessTokenLifespan, longest: ssoSessionMaxLifespan },
    claims: new Set([...ownClaims, ...added]),
  };
}

type Config = Readonly<Record<string, string>> | undefined;

/**
 * Problems of the token that Keycloak would issue to a customer now.
 *
 * @param userId the UUID of its service account
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_scopes_evaluate
 */
export async function exampleTokenProblems(
  { clients }: KcAdminClient,
  ids: { readonly realm: string; readonly id: string; readonly userId: string },
  { tokenLifespan }: Customer,
  expected: ExpectedToken,
  { lifespan, longest, claims }: CommonToken,
): Promise<Problem[]> {
  const token = (await clients.evaluateGenerateAccessToken({
    ...{ ...ids, scope: "", audience: "" },
  })) as JWTPayload;
  const problems = [
    ...payloadProblems(token, expected),
    ...lifespanProblems(token, Math.min(tokenLifespan ?? lifespan, longest)),
    ...Object.keys(token)
      .filter((claim) => !claims.has(claim))
      .map((claim) => `has the claim ${quoted(claim)}, which nobody declared`),
  ];
  const fix = 'look at "Client scopes", "Evaluate" of this client in Keycloak';
  return problems.map((problem) => ({ problem: `its token: ${problem}`, fix }));
}

/** Keycloak reads its clock twice for a token, so a lifespan may differ by a moment. In seconds. */
const moment = 5;

function lifespanProblems({ exp = 0, iat = 0 }: JWTPayload, expected: number): string[] {
  const lifespan = exp - iat;
  if (Math.abs(lifespan - expected) <= moment) return [];
  return claimProblems("lifespan", [String(lifespan)], [String(expected)]);
}
