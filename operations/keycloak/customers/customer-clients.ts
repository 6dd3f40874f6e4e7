import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { authenticationOfCustomer } from "../../../constructs/authentication/authentication.ts";
import type { Customer } from "../../../constructs/declaration.ts";
import { inFlight } from "../../../system/in-flight.ts";
import { interruption } from "../../../system/interruption.ts";
import { actingProblems, clientProblems } from "../../verify/customers/customer.ts";
import { isMissing } from "../../verify/difference.ts";
import { findClient } from "../clients.ts";
import { readSecret } from "./readable-secret.ts";
import { expectedToken, issuerOf, realmKeys, requestToken, tokenProblems } from "../token.ts";

/** A customer's client in Keycloak. */
export interface DeployedClient {
  readonly enabled: boolean;
  readonly secret: string;
}

/**
 * A customer's client; undefined if the realm has no client with that id.
 *
 * @throws RefusedError if Keycloak does not show its secret to the login
 */
export async function deployedClient(
  admin: KcAdminClient,
  realm: string,
  clientId: string,
): Promise<DeployedClient | undefined> {
  const client = await findClient(admin, realm, clientId);
  if (!client) return undefined;
  return { enabled: client.enabled ?? true, secret: await readSecret(admin, realm, client) };
}

/** Whether a customer needs nothing but its secret to get a token: no key, no certificate, no other issuer and no DPoP. */
export function needsSecretOnly(customer: Customer): boolean {
  const { method } = authenticationOfCustomer(customer);
  return method === "client_secret" && customer.tokenBinding === undefined;
}

/** Number of customers that are verified at a time. */
const atOnce = 4;

/** Result of verifying one customer. */
export interface VerifiedCustomer {
  readonly id: string;
  readonly customer: Customer;
  /** Differences from the declaration; empty if there are none. */
  readonly problems: readonly string[];
}

/**
 * Verifies customers, a few at a time: requests a token as the customer's app would, and verifies the token as an API would. A
 * suspended customer must get none. If a secret is not enough for a token, it verifies the customer's client instead.
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
  return inFlight(atOnce, Object.entries(customers), async ([id, customer]) => {
    interruption.throwIfAborted();
    const problems = await customerProblems(admin, realm, issuer, id, customer, keys);
    return { id, customer, problems };
  });
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
  if (!needsSecretOnly(customer)) return withoutToken(admin, realm, id, customer);
  const client = await deployedClient(admin, realm, id);
  if (!client) return [isMissing.problem];
  if (!customer.enabled && client.enabled) return ["is enabled although it is suspended"];
  const answer = await requestToken({ issuer, clientId: id, clientSecret: client.secret });
  if (!customer.enabled) return "token" in answer ? ["gets a token although it is suspended"] : [];
  if ("error" in answer) return [`gets no token: ${answer.error}`];
  return tokenProblems(answer.token, expectedToken(issuer, id, customer), keys);
}

async function withoutToken(
  admin: KcAdminClient,
  realm: string,
  clientId: string,
  customer: Customer,
): Promise<string[]> {
  const found = await findClient(admin, realm, clientId);
  if (!found) return [isMissing.problem];
  const client = { ...found, clientId };
  const problems = [
    ...clientProblems(client, customer),
    ...(await actingProblems(admin, realm, client)),
  ];
  return problems.map(({ problem }) => problem);
}
