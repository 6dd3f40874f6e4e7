import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { RefusedError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { adminClient, type Login } from "./admin.ts";
import { deployedClient } from "./customer-clients.ts";
import { issuerOf, tokenEndpoint } from "./token.ts";

/** Credentials and addresses with which a customer's developer obtains a token. */
export interface Credentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The APIs that the token is for. */
  readonly audiences: readonly string[];
  readonly permissions: readonly string[];
}

/**
 * Makes sure that a customer is declared and not suspended.
 *
 * @param file the file with the customers, for the message
 * @throws RefusedError otherwise
 */
export function needActiveCustomer(
  { customers }: RealmDeclaration,
  id: string,
  file: string,
): void {
  const customer = Object.hasOwn(customers, id) ? customers[id] : undefined;
  if (!customer) {
    const hint = didYouMean(id, Object.keys(customers));
    throw new RefusedError(`${file} has no customer ${quoted(id)}${hint}`);
  }
  if (!customer.enabled)
    throw new RefusedError(
      `the customer "${id}" is suspended and gets no token; remove "enabled: false" from ${file} and deploy`,
    );
}

/**
 * Reads a customer's credentials from Keycloak.
 *
 * @throws RefusedError if the customer is not deployed, or still suspended in Keycloak
 */
export async function readCredentials(
  { realm, customers }: RealmDeclaration,
  id: string,
  login: Login,
): Promise<Credentials> {
  const client = await deployedClient(await adminClient(login), realm, id);
  if (!client) throw new RefusedError(`the customer "${id}" is not deployed yet; deploy first`);
  if (!client.enabled)
    throw new RefusedError(`the customer "${id}" is still suspended in Keycloak; deploy first`);
  const access = customers[id]?.access ?? {};
  return {
    tokenUrl: tokenEndpoint(issuerOf(login.baseUrl, realm)),
    clientId: id,
    clientSecret: client.secret,
    audiences: Object.keys(access),
    permissions: Object.values(access).flat(),
  };
}
