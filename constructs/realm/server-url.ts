import { quoted } from "../../text/quoted.ts";
import { isProtected, notProtected } from "../redirect-uri.ts";
import { templateProblems } from "../synthesis/terraform-template.ts";

/**
 * Problems of Keycloak's address: scheme, host and port, without credentials and without a path. It has to use https unless it is on
 * localhost.
 *
 * @returns the problems, none if the address is fine
 */
export function serverUrlProblems(text: string): string[] {
  const fix = "write scheme, host and port, such as https://login.example.com";
  const problems = addressProblems(text, { fix, fixOfLogin: fix });
  if (problems.length > 0) return problems;
  const { origin, pathname, search, hash } = new URL(text);
  if (`${search}${hash}` === "" && pathname === "/") return [];
  return [
    `${quoted(text)} is more than a server address; write ${origin}, and the path as the base path`,
  ];
}

/**
 * Problems of an address at which a server keeps the state: without credentials, and with https unless it is on localhost.
 *
 * @returns the problems, none if the address is fine
 */
export function stateUrlProblems(text: string): string[] {
  return addressProblems(text, {
    fix: "write it in full, such as https://state.example.com/atlas",
    fixOfLogin: "set TF_HTTP_USERNAME and TF_HTTP_PASSWORD instead",
  });
}

/**
 * Problems of an address of an issuer: without credentials, and with https unless it is on localhost.
 *
 * @returns the problems, none if the address is fine
 */
export function issuerUrlProblems(text: unknown): string[] {
  const fix = "write it in full, such as https://token.example.com";
  // main.ts runs without a check of its types
  if (text === undefined) return [`is missing; ${fix}`];
  if (typeof text !== "string") return [`is not a web address; ${fix}`];
  return addressProblems(text, { fix, fixOfLogin: "remove them" });
}

/**
 * Problems of a host name with an optional port, without credentials.
 *
 * @returns the problems, none if the host name is fine
 */
export function hostnameProblems(text: string): string[] {
  if (hasLogin(text)) return [loginProblem("set TF_TOKEN_<host> instead")];
  if (/^[^\s/?#:]+(:\d+)?$/.test(text) && URL.canParse(`https://${text}`))
    return templateProblems("the host name", text);
  return [
    `${quoted(text)} is not a host name; write it without scheme and path, such as app.example.com`,
  ];
}

interface Fixes {
  /** The fix for something that is not an address. */
  readonly fix: string;
  /** The fix for an address with credentials. */
  readonly fixOfLogin: string;
}

function addressProblems(text: string, { fix, fixOfLogin }: Fixes): string[] {
  const template = templateProblems("the address", text);
  if (template.length > 0) return template;
  if (hasLogin(text)) return [loginProblem(fixOfLogin)];
  if (!/^https?:/i.test(text) || !URL.canParse(text))
    return [`${quoted(text)} is not a web address; ${fix}`];
  return isProtected(new URL(text)) ? [] : [`${quoted(text)} ${notProtected}`];
}

/** Whether an address contains credentials. In one that is not valid, any `@` may be the end of a password. */
function hasLogin(text: string): boolean {
  return text.includes("@");
}

/** Problem of an address with credentials, which it does not repeat. */
function loginProblem(fix: string): string {
  return `contains a user name or password; ${fix}`;
}
