import { quoted } from "../text/quoted.ts";
import { templateProblems } from "../constructs/terraform-template.ts";

/**
 * Problems of a server's address: scheme, host and port, without credentials and without a path.
 *
 * @returns the problems, none if the address is fine
 */
export function serverUrlProblems(text: string): string[] {
  const template = templateProblems("the address", text);
  if (template.length > 0) return template;
  if (!/^https?:/i.test(text) || !URL.canParse(text))
    return [
      `${quoted(text)} is not a web address; write scheme, host and port, such as https://login.example.com`,
    ];
  const { origin, pathname, search, hash, username, password } = new URL(text);
  // the address is not quoted, because it contains a secret
  if (`${username}${password}` !== "") return [`contains a user name or password; write ${origin}`];
  if (`${search}${hash}` !== "" || pathname !== "/")
    return [
      `${quoted(text)} is more than a server address; write ${origin}, and the path as the base path`,
    ];
  return [];
}
