import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type { CustomerDeclaration } from "../constructs/declaration.ts";
import { clientUuid } from "./deployer.ts";
import { requestToken, tokenProblems } from "./token.ts";

/**
 * The secret that Keycloak holds for a client.
 *
 * @returns undefined if the realm has no such client
 */
export async function secretOf(admin: KcAdminClient, realm: string, clientId: string): Promise<string | undefined> {
  const id = await clientUuid(admin, realm, clientId);
  if (id === undefined) return undefined;
  return (await admin.clients.getClientSecret({ realm, id })).value;
}

/**
 * Asks a token as the customer's app would, and verifies it as a backend would; a suspended customer has to get none.
 *
 * @returns what is wrong, nothing if all is as declared
 */
export async function customerProblems(
  admin: KcAdminClient,
  realm: string,
  issuer: string,
  id: string,
  customer: CustomerDeclaration,
): Promise<string[]> {
  const clientSecret = await secretOf(admin, realm, id);
  if (clientSecret === undefined) return ["is not in Keycloak"];
  const answer = await requestToken({ issuer, clientId: id, clientSecret });
  if (!customer.enabled) return "token" in answer ? ["gets a token although it is suspended"] : [];
  if ("error" in answer) return [`gets no token: ${answer.error}`];
  return tokenProblems(answer.token, {
    issuer,
    clientId: id,
    audiences: Object.keys(customer.access),
    permissions: Object.values(customer.access).flat(),
  });
}
