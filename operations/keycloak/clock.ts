import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { decodeJwt } from "jose";

/**
 * Keycloak's clock, in seconds since 1970, by the token of a login: the clock of this machine may differ from it.
 *
 * @param admin a login that was just made
 */
export async function keycloakClock(admin: KcAdminClient): Promise<() => number> {
  const now = () => Date.now() / 1_000;
  const { iat = now() } = decodeJwt((await admin.getAccessToken()) ?? "");
  const ahead = iat - now();
  // an iat has no fraction, and differences of less than a second are none
  return Math.abs(ahead) < 1 ? now : () => now() + ahead;
}
