import type { Credentials } from "../keycloak/customers/credentials.ts";
import { fieldsOf } from "./fields.ts";
import { block } from "./markdown.ts";
import { preparation } from "./preparation.ts";
import { curlCommand } from "./programs/curl.ts";
import { nodeCommand } from "./programs/node.ts";
import { isSigned } from "./programs/parameters.ts";
import { pythonCommand } from "./programs/python.ts";

/**
 * The sheet to hand over to a customer's developer: Markdown that is also readable on a terminal. The secret appears once, and in no
 * command: a shell keeps its commands, and other users of a machine see them in the list of processes.
 */
export function sheet(credentials: Credentials): string {
  const { name } = credentials;
  const libraries = isSigned(credentials);
  return [
    `# API access for ${name}`,
    block("text", aligned(fieldsOf(credentials))),
    "## Prepare",
    ...preparation(credentials),
    "## Get a token: curl",
    ...(libraries ? ["Node makes the signature.", block("sh", "npm install jose")] : []),
    block("sh", curlCommand(credentials)),
    "## Get a token: Python",
    ...(libraries ? [block("sh", installPython)] : []),
    block("sh", pythonCommand(credentials)),
    "## Get a token: Node",
    ...(libraries ? [block("sh", "npm install jose")] : []),
    block("sh", nodeCommand(credentials)),
    "## Call the API",
    callOfApi(credentials),
  ].join("\n\n");
}

const installPython =
  "python3 -m venv .venv && . .venv/bin/activate && pip install 'pyjwt[crypto]'";

function callOfApi({ auth, tokenBinding }: Credentials): string {
  const scheme = tokenBinding === "dpop" ? "DPoP" : "Bearer";
  return [
    "The answer contains `access_token`, and its lifespan in seconds as `expires_in`.",
    "Keep the token until shortly before its end. Then get a new one.",
    `Each call of the API needs the header \`Authorization: ${scheme} <access_token>\`.`,
    ...(tokenBinding === "dpop"
      ? ["It also needs the header `DPoP` with a new proof of the same key."]
      : []),
    ...(auth.method === "tls_client_auth"
      ? ["The token works only on connections with the same certificate."]
      : []),
  ].join("\n");
}

function aligned(fields: readonly (readonly [string, string])[]): string {
  const width = Math.max(...fields.map(([label]) => label.length)) + 2;
  return fields.map(([label, value]) => label.padEnd(width) + value).join("\n");
}
