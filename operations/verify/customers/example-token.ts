import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { scopesOfCustomers } from "../../../constructs/names/reserved-names.ts";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import type { JWTPayload } from "jose";
import type { Customer } from "../../../constructs/declaration.ts";
import { quoted } from "../../../text/quoted.ts";
import { lifespanIn } from "../../keycloak/token-lifespan.ts";
import { claimProblems, type ExpectedToken, payloadProblems } from "../../keycloak/token.ts";
import type { Problem } from "../difference.ts";

/** Claims of every token of a service account, whatever its client scopes. */
const ownClaims = [
  ...["exp", "iat", "nbf", "jti", "iss", "aud", "sub", "typ", "azp", "sid", "scope"],
  ...["acr", "cnf"],
];

/** What the tokens of all customers of a realm have in common. */
export interface CommonToken {
  /** The settings of the realm, which limit the lifespan of a token. */
  readonly settings: RealmRepresentation;
  /** The names of the claims that a token may have. */
  readonly claims: ReadonlySet<string>;
}

/** What the tokens of all customers of a realm have in common, with the claims of the two built-in scopes that they all have. */
export function commonToken(
  settings: RealmRepresentation,
  scopes: readonly ClientScopeRepresentation[],
): CommonToken {
  const mappers = scopes
    .filter(({ name = "" }) => scopesOfCustomers.includes(name))
    .flatMap(({ protocolMappers = [] }) => protocolMappers);
  const added = mappers.flatMap(({ config }) => (config as Config)?.["claim.name"] ?? []);
  return { settings, claims: new Set([...ownClaims, ...added]) };
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
  { settings, claims }: CommonToken,
): Promise<Problem[]> {
  const token = (await clients.evaluateGenerateAccessToken({
    ...{ ...ids, scope: "", audience: "" },
  })) as JWTPayload;
  const problems = [
    ...payloadProblems(token, expected),
    ...lifespanProblems(token, tokenLifespan ?? lifespanIn(settings)),
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
