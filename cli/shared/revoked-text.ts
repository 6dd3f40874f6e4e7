import { durationText } from "../../configuration/fields/duration.ts";
import type { AuthenticationMethod } from "../../constructs/authentication/authentication.ts";
import type { Revocation } from "../../operations/keycloak/customers/revocation.ts";
import { instantText } from "../../text/instant.ts";

/**
 * What a revocation has done, and what the customer can still do.
 *
 * @param method how the customer authenticates
 * @param file the file with the customer's entry
 */
export function revokedText(
  id: string,
  { notBefore, lifespan, isEnabled }: Revocation,
  method: AuthenticationMethod,
  file: string,
): string {
  const accepted =
    lifespan === undefined
      ? "one until it expires"
      : `one that was issued with the present lifespan (${durationText(lifespan)}) until ${instantText(notBefore + lifespan)} at the latest`;
  const replacement =
    method === "client_secret" ? `, npm run rotate -- ${id} replaces its secret` : "";
  return [
    `Keycloak refuses every token of ${id} that it issued before ${instantText(notBefore)}`,
    `an API that does not ask Keycloak accepts ${accepted}`,
    isEnabled
      ? `${id} can get new tokens; enabled: false in ${file} suspends it${replacement}`
      : `${id} is suspended in Keycloak, so it gets no new tokens`,
  ].join("\n");
}
