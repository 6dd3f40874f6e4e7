import { shellQuoted } from "../../../text/shell-quoted.ts";
import type { Credentials } from "../../keycloak/customers/credentials.ts";
import { signingNode } from "./node.ts";
import { assertionType, isSigned } from "./parameters.ts";

/** A token request with curl. What is secret comes from files or standard input. */
export function curlCommand(credentials: Credentials): string {
  const { clientId, auth } = credentials;
  const url = shellQuoted(credentials.tokenUrl);
  if (isSigned(credentials)) return signingNode(credentials, `curl -sS --config - ${url}`);
  const grant = "-d grant_type=client_credentials";
  switch (auth.method) {
    case "tls_client_auth":
      return [
        'curl -sS --cert "$CERTIFICATE_FILE" --key "$PRIVATE_KEY_FILE" \\',
        `  ${grant} -d client_id=${clientId} ${url}`,
      ].join("\n");
    case "federated_jwt":
      return [
        `printf 'client_assertion=%s' "$ID_TOKEN" |`,
        `  curl -sS ${grant} -d client_assertion_type=${assertionType} -d @- ${url}`,
      ].join("\n");
    default:
      return [
        `curl -sS --config - ${grant} ${url} <<EOF`,
        `user = "${clientId}:$CLIENT_SECRET"`,
        "EOF",
      ].join("\n");
  }
}
