import { keyHostProblems } from "../../../constructs/authentication/key-host.ts";
import { templateProblems } from "../../../constructs/synthesis/terraform-template.ts";
import { nearest } from "../../../text/did-you-mean.ts";
import { quoted } from "../../../text/quoted.ts";
import { visible } from "../../../text/visible.ts";

/**
 * Problems of an address that Keycloak would fetch a customer's keys from: it is a request from inside the network of Keycloak.
 *
 * @param hosts see {@link AuthenticationSettings.allowedJwksHosts}
 * @param environmentFile the file that lists them
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function jwksUrlProblems(
  text: string,
  hosts: readonly string[],
  environmentFile = "the environment",
): string[] {
  const template = templateProblems("the address", text);
  if (template.length > 0) return template;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:")
    return [
      `${quoted(text)} is not an https address; write one such as https://keys.example.com/jwks.json`,
    ];
  if (url.username !== "" || url.password !== "")
    return ["contains a user name or password; remove it"];
  // also a port that is the default one: the realm's policy compares the text
  if (/^https:\/\/[^/]*:\d*(\/|$)/.test(text)) return [`${quoted(text)} has a port; remove it`];
  if (url.hash !== "") return [`${quoted(text)} has a fragment; remove it`];
  const host = keyHostProblems(url.hostname);
  if (host.length > 0) return host;
  if (url.href !== text)
    return [`${quoted(text)} is not in its usual form; write ${quoted(url.href)}`];
  if (hosts.includes(url.hostname)) return [];
  const near = nearest(url.hostname, hosts);
  const other = near === undefined ? "" : `, or did you mean ${quoted(near)}?`;
  return [
    `the host ${quoted(url.hostname)} is not allowed; add it to allowedJwksHosts of ${visible(environmentFile)}${other}`,
  ];
}
