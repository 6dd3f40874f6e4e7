import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type { Customer } from "../../constructs/declaration.ts";
import { interruption } from "../../system/interruption.ts";
import { findClient } from "./clients.ts";
import { type ExpectedToken, issuerOf, realmKeys, requestToken, tokenProblems } from "./token.ts";

/** A customer's client in Keycloak. */
export interface DeployedClient {
  readonly enabled: boolean;
  readonly secret: string;
}

/** A customer's client; undefined if the realm has no client with that id. */
export async function deployedClient(
  admin: KcAdminClient,
  realm: string,
  clientId: string,
): Promise<DeployedClient | undefined> {
  const client = await findClient(admin, realm, clientId);
  if (!client) return undefined;
  const { value } = await admin.clients.getClientSecret({ realm, id: client.id });
  return { enabled: client.enabled ?? true, secret: value ?? "" };
}

/** Result of verifying one customer. */
export interface VerifiedCustomer {
  readonly id: string;
  readonly customer: Customer;
  /** Differences from the declaration; empty if there are none. */
  readonly problems: readonly string[];
}

/** Whether only the customer can get a token, because that needs a key, a certificate or a token of its own. */
export function needsOwnKey({ auth, tokenBinding }: Customer): boolean {
  return (auth !== undefined && auth.method !== "client_secret") || tokenBinding !== undefined;
}

/**
 * Verifies customers, one after the other: requests a token as the customer's app would, and verifies the token as an API would. A
 * suspended customer must get none. If only the customer can get a token, its client has to be there.
 *
 * @param baseUrl Keycloak's address with its base path
 */
export async function verifyCustomers(
  admin: KcAdminClient,
  baseUrl: string,
  realm: string,
  customers: Readonly<Record<string, Customer>>,
): Promise<VerifiedCustomer[]> {
  const issuer = issuerOf(baseUrl, realm);
  const keys = realmKeys(issuer);
  const verified: VerifiedCustomer[] = [];
  for (const [id, customer] of Object.entries(customers)) {
    interruption.throwIfAborted();
    const problems = await customerProblems(admin, realm, issuer, id, customer, keys);
    verified.push({ id, customer, problems });
  }
  return verified;
}

/**
 * Verifies one customer; see {@link verifyCustomers}.
 *
 * @param keys the realm's keys, by default fetched for this call
 * @returns the differences from the declaration, none if all is as declared
 */
export async function customerProblems(
  admin: KcAdminClient,
  realm: string,
  issuer: string,
  id: string,
  customer: Customer,
  keys = realmKeys(issuer),
): Promise<string[]> {
  const client = await deployedClient(admin, realm, id);
  if (!client) return ["is not in Keycloak"];
  if (needsOwnKey(customer)) {
    if (client.enabled === customer.enabled) return [];
    return [customer.enabled ? "is suspended in Keycloak" : "is not suspended in Keycloak"];
  }
  const answer = await requestToken({ issuer, clientId: id, clientSecret: client.secret });
  if (!customer.enabled) return "token" in answer ? ["gets a token although it is suspended"] : [];
  if ("error" in answer) return [`gets no token: ${answer.error}`];
  return tokenProblems(answer.token, expectedToken(issuer, id, customer), keys);
}

/** The token that a customer is to get. */
export function expectedToken(
  issuer: string,
  clientId: string,
  { access }: Pick<Customer, "access">,
): ExpectedToken {
  return {
    ...{ issuer, clientId },
    audiences: Object.keys(access),
    permissions: Object.values(access).flat(),
  };
}
