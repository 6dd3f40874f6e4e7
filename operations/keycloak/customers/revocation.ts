import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { adminClient, type Login } from "../login/admin.ts";
import { keycloakClock } from "../clock.ts";
import { deployedCustomer, deployedLifespan } from "./deployed-customer.ts";

/** A revocation of the tokens of a customer. Instants are in seconds since 1970. */
export interface Revocation {
  /** Keycloak refuses tokens that were issued before this instant. */
  readonly notBefore: number;
  /**
   * The present lifespan of the customer's tokens, in seconds; undefined if the login may not view the realm. A token of an earlier, longer
   * lifespan expires later.
   */
  readonly lifespan?: number;
  /** Whether Keycloak gives the customer new tokens: false if it is suspended there. */
  readonly isEnabled: boolean;
}

/**
 * Ends all access tokens that a customer has, for whoever asks Keycloak: it refuses them at introspection and userinfo.
 *
 * @throws RefusedError if the customer is not deployed
 * @see https://www.keycloak.org/docs/latest/server_admin/#revoking-active-sessions-and-refresh-tokens
 */
export async function revokeTokens(
  { realm }: RealmDeclaration,
  id: string,
  login: Login,
): Promise<Revocation> {
  const admin = await adminClient(login, true);
  const clock = await keycloakClock(admin, login);
  const client = await deployedCustomer(admin, realm, id);
  const lifespan = await deployedLifespan(admin, realm, client);
  // Keycloak compares whole seconds, and accepts a token of the same second
  const notBefore = Math.floor(clock()) + 1;
  await admin.clients.update({ realm, id: client.id }, { clientId: id, notBefore });
  const isEnabled = client.enabled !== false;
  return { notBefore, isEnabled, ...(lifespan !== undefined && { lifespan }) };
}
