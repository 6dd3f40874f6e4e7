import { templateProblems } from "../text/template.ts";

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/**
 * What is wrong with an address that Keycloak may send a user to: it has to be exact, and https unless it is on localhost.
 *
 * @returns the problems, none if the address is fine
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-2.1
 */
export function redirectUriProblems(what: string, uri: string): string[] {
  const template = templateProblems(what, uri);
  if (template.length > 0) return template;
  const named = `${what} ${JSON.stringify(uri)}`;
  if (uri.includes("*")) return [`${named} has a wildcard; name each address in full`];
  if (!URL.canParse(uri))
    return [`${named} is no absolute URL; write it in full, like https://app.example.com/`];
  const { protocol, hostname, hash } = new URL(uri);
  if (hash !== "") return [`${named} has a fragment; leave out "${hash}"`];
  if (protocol === "https:" || (protocol === "http:" && loopback.includes(hostname))) return [];
  return [`${named} is not https; use https, or http on localhost only`];
}

/** What is wrong with a web origin: scheme, host and port of an address that {@link redirectUriProblems} accepts, no path. */
export function originProblems(origin: string): string[] {
  const problems = redirectUriProblems("web origin", origin);
  if (problems.length > 0 || new URL(origin).origin === origin) return problems;
  return [
    `web origin ${JSON.stringify(origin)} is more than an origin; write ${new URL(origin).origin}`,
  ];
}
