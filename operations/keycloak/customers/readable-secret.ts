import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { RefusedError } from "../../../text/errors.ts";
import type { FoundClient } from "../clients.ts";

/** Whether a secret is one. Keycloak 26.8 shows stars to logins that may only view clients. */
export function isReadableSecret(secret: string | undefined): secret is string {
  return secret !== undefined && !/^\**$/.test(secret);
}

/**
 * Reads a client's secret.
 *
 * @throws RefusedError if Keycloak does not show it to the login
 */
export async function readSecret(
  admin: KcAdminClient,
  realm: string,
  { id }: FoundClient,
): Promise<string> {
  const { value } = await admin.clients.getClientSecret({ realm, id });
  if (isReadableSecret(value)) return value;
  throw new RefusedError(
    "Keycloak does not show the secret to this login; log in with the role manage-clients",
  );
}
