import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { findClient, type FoundClient } from "../clients.ts";

/**
 * The client of a customer that a command needs in Keycloak.
 *
 * @throws RefusedError if the customer is not deployed
 */
export async function deployedCustomer(
  admin: KcAdminClient,
  realm: string,
  id: string,
): Promise<FoundClient> {
  const client = await findClient(admin, realm, id);
  if (client) return client;
  throw new RefusedError(`the customer ${quoted(id)} is not deployed yet; deploy first`);
}
