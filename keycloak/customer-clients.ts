import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type { CustomerDeclaration } from "../constructs/declaration.ts";
import { requestToken, tokenProblems } from "./token.ts";

/** A customer's client as Keycloak has it. */
export interface DeployedClient {
  readonly enabled: boolean;
  readonly secret: string;
}

/** A customer's client, or undefined if the realm has none of that id. */
export async function deployedClient(
  admin: KcAdminClient,
  realm: string,
  clientId: string,
): Promise<DeployedClient | undefined> {
  const [client] = await admin.clients.find({ realm, clientId });
  if (client?.id === undefined) return undefined;
  const { value } = await admin.clients.getClientSecret({ realm, id: client.id });
  return { enabled: client.enabled ?? true, secret: value ?? "" };
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
  const client = await deployedClient(admin, realm, id);
  if (!client) return ["is not in Keycloak"];
  const answer = await requestToken({ issuer, clientId: id, clientSecret: client.secret });
  if (!customer.enabled) return "token" in answer ? ["gets a token although it is suspended"] : [];
  if ("error" in answer) return [`gets no token: ${answer.error}`];
  return tokenProblems(answer.token, {
    issuer,
    clientId: id,
    audiences: Object.keys(customer.access),
    permissions: Object.values(customer.access).flat(),
  });
}
