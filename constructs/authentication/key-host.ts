import { quoted } from "../../text/quoted.ts";

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** Regular expression of a host that {@link keyHostProblems} accepts, up to its length. */
export const keyHostPattern = String.raw`(${label}\.)+(?!localhost(/|$))[a-z]([a-z0-9-]{0,61}[a-z0-9])?`;

const name = new RegExp(`^(?=.{1,253}$)${keyHostPattern}$`);

/**
 * Problems of a host that Keycloak may fetch customers' keys from. It is a name with a dot: an address, `localhost` and the short name of
 * a neighbour would lead into the network of Keycloak.
 *
 * @returns the problems, none if the host is fine
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function keyHostProblems(host: string): string[] {
  if (name.test(host)) return [];
  return [
    `${quoted(host)} is not the name of a public host; write one in lower case, such as keys.example.com`,
  ];
}
