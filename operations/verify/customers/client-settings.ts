import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import { authenticationOfCustomer } from "../../../constructs/authentication/authentication.ts";
import type { Customer } from "../../../constructs/declaration.ts";
import { attributeOf } from "../../keycloak/clients.ts";
import { secretNumber } from "../../keycloak/customers/rotation.ts";
import { deployIt, listProblems, type Problem, removeIt, valueProblems } from "../difference.ts";

const switchItOff = "switch it off in Keycloak";

/** Switches of a client that can obtain no token: settings and client attributes, by Keycloak's names. Terraform manages them. */
const everythingOff = {
  publicClient: false,
  standardFlowEnabled: false,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  fullScopeAllowed: false,
  "oauth2.device.authorization.grant.enabled": false,
  "oauth2.jwt.authorization.grant.enabled": false,
  "standard.token.exchange.enabled": false,
  "client_credentials.use_refresh_token": false,
};

/** Switches of each kind of client. */
const switches = {
  API: everythingOff,
  customer: { ...everythingOff, serviceAccountsEnabled: true },
  frontend: { ...everythingOff, publicClient: true, standardFlowEnabled: true },
} as const;

/** Switches that are off for every client, and that Terraform does not manage. */
const neverOn = [
  "bearerOnly",
  "consentRequired",
  "authorizationServicesEnabled",
  "oidc.ciba.grant.enabled",
  "client.use.lightweight.access.token.enabled",
];

/** Problems of a client's switches: flows, full scope, consent, and grants of other specifications. */
export function switchProblems(
  kind: keyof typeof switches,
  client: ClientRepresentation,
): Problem[] {
  const settings: Readonly<Record<string, unknown>> = { ...client.attributes, ...client };
  const isOn = (name: string) => String(settings[name]) === "true";
  return [
    ...Object.entries(switches[kind]).flatMap(([name, expected]) =>
      valueProblems(name, isOn(name), expected, deployIt),
    ),
    ...neverOn.flatMap((name) => valueProblems(name, isOn(name), false, switchItOff)),
  ];
}

/** Problems of what the entry of a customer sets, except for its access and its authentication. */
export function entryProblems(client: ClientRepresentation, customer: Customer): Problem[] {
  const { name, contact, enabled, expires = "", rotation = "", tokenLifespan = "" } = customer;
  const isDpop = customer.tokenBinding === "dpop";
  const byAttribute = { contact, expires, rotation: String(rotation) };
  return [
    ...valueProblems("enabled", client.enabled ?? true, enabled, deployIt),
    ...valueProblems("name", client.name ?? "", name, deployIt),
    ...Object.entries(byAttribute).flatMap(([key, expected]) =>
      valueProblems(key, attributeOf(client, key), expected, expected ? deployIt : removeIt),
    ),
    ...valueProblems(
      "access.token.lifespan",
      attributeOf(client, "access.token.lifespan"),
      String(tokenLifespan),
      tokenLifespan ? deployIt : removeIt,
    ),
    ...valueProblems(
      "dpop.bound.access.tokens",
      attributeOf(client, "dpop.bound.access.tokens") === "true",
      isDpop,
      isDpop ? deployIt : switchItOff,
    ),
    ...secretProblems(client, customer),
    ...redirectProblems(client, [], []),
  ];
}

/** Problem of a secret that was not rotated as often as declared. A rotation by command makes it newer than declared. */
function secretProblems(client: ClientRepresentation, customer: Customer): Problem[] {
  const { rotation = 1 } = customer;
  if (authenticationOfCustomer(customer).method !== "client_secret") return [];
  const number = secretNumber(client);
  const problem = `the secret is number ${number} and should be number ${rotation}`;
  return number < rotation ? [{ problem, fix: deployIt }] : [];
}

/** Problems of a client's redirect URIs and web origins. */
export function redirectProblems(
  client: ClientRepresentation,
  redirectUris: readonly string[],
  webOrigins: readonly string[],
): Problem[] {
  // Terraform leaves a list as it is if none is declared
  const fixesOf = (declared: readonly string[]) => ({
    ...{ extra: declared.length > 0 ? deployIt : removeIt, missing: deployIt },
  });
  return [
    ...listProblems("redirect URI", client.redirectUris ?? [], redirectUris, fixesOf(redirectUris)),
    ...listProblems("web origin", client.webOrigins ?? [], webOrigins, fixesOf(webOrigins)),
  ];
}
