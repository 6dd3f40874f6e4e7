import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { attributeOf, findClient, type FoundClient } from "../clients.ts";
import { lifespanIn } from "../token-lifespan.ts";

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

/**
 * Lifespan of the access tokens that Keycloak issues to a customer, in seconds: the client's own, or else the realm's, see {@link lifespanIn}.
 *
 * @returns undefined if the login may not view the realm, which takes the role `view-realm`
 */
export async function deployedLifespan(
  admin: KcAdminClient,
  realm: string,
  client: FoundClient,
): Promise<number | undefined> {
  const settings = await admin.realms.findOne({ realm });
  if (settings?.accessTokenLifespan === undefined) return undefined;
  const own = Number(attributeOf(client, "access.token.lifespan"));
  return lifespanIn(settings, own || undefined);
}
