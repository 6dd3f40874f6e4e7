import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { decodeJwt } from "jose";
import type { Login } from "./login/admin.ts";
import { sessionOf } from "./login/credentials-session.ts";

/**
 * Keycloak's clock, in seconds since 1970, by the token of a login: the clock of this machine may differ from it.
 *
 * @param admin a client of the login
 */
export async function keycloakClock(admin: KcAdminClient, login: Login): Promise<() => number> {
  const token = (await admin.getAccessToken()) ?? "";
  return clockBy(token, sessionOf(login).receivedAt ?? now());
}

/**
 * The clock of the issuer of a token.
 *
 * @param receivedAt when the token arrived by this machine's clock, in seconds since 1970
 */
export function clockBy(token: string, receivedAt: number): () => number {
  const { iat = receivedAt } = decodeJwt(token);
  const ahead = iat - receivedAt;
  // an iat has no fraction, and differences of less than a second are none
  return Math.abs(ahead) < 1 ? now : () => now() + ahead;
}

function now(): number {
  return Date.now() / 1_000;
}
