import { quoted } from "../text/quoted.ts";
import { templateProblems } from "./synthesis/terraform-template.ts";

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/** Whether nobody on the network can read what is sent to an address: it uses https, or http on localhost. */
export function isProtected({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && loopback.includes(hostname));
}

/** Problem of an address that is not {@link isProtected}, and its fix. */
export const notProtected = "does not use https; use https, or http on localhost only";

/**
 * Problems of an address that Keycloak may send a user to. The address has to be exact, and use https unless it is on localhost.
 *
 * @returns the problems, none if the address is fine
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-2.1 (RFC 9700, "Protecting Redirect-Based Flows")
 */
export function redirectUriProblems(
  what: string,
  uri: string,
  example = "https://app.example.com/",
): string[] {
  const template = templateProblems(what, uri);
  if (template.length > 0) return template;
  const named = `${what} ${quoted(uri)}`;
  if (uri.includes("*")) return [`${named} has a wildcard; name each address in full`];
  if (/\s/.test(uri) || !URL.canParse(uri))
    return [`${named} is not an absolute URL; write it in full, such as ${example}`];
  const url = new URL(uri);
  if (uri.includes("#")) return [`${named} has a fragment; remove everything from # on`];
  if (`${url.username}${url.password}` !== "")
    return [`${named} contains a user name or password; remove it`];
  return isProtected(url) ? [] : [`${named} ${notProtected}`];
}

/** Problems of a web origin: scheme, host and port of an address that {@link redirectUriProblems} accepts, without a path. */
export function originProblems(uri: string): string[] {
  const problems = redirectUriProblems("web origin", uri, "https://app.example.com");
  if (problems.length > 0) return problems;
  const { origin } = new URL(uri);
  return origin === uri
    ? []
    : [`web origin ${quoted(uri)} is more than an origin; write ${origin}`];
}
