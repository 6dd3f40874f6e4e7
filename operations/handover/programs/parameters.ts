import type { Credentials } from "../../keycloak/customers/credentials.ts";

/** The type of a client's assertion, with which a token request names it. */
export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Whether a customer's program signs something, for which it needs a library. */
export function isSigned({ auth, tokenBinding }: Credentials): boolean {
  return auth.method === "private_key_jwt" || tokenBinding === "dpop";
}

/**
 * A program as the input of a command, so that it works as pasted in a shell.
 *
 * @param reader a command that reads the output
 */
export function heredoc(command: string, program: string, reader?: string): string {
  const output = reader === undefined ? "" : ` | ${reader}`;
  return [`${command} <<'EOF'${output}`, program, "EOF"].join("\n");
}
