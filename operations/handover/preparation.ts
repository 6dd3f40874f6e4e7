import type { PrivateKeyJwt } from "../../constructs/authentication/authentication.ts";
import { isOnThisMachine } from "../../system/addresses.ts";
import { shellQuoted } from "../../text/shell-quoted.ts";
import type { Credentials } from "../keycloak/customers/credentials.ts";
import { keyLabel } from "./fields.ts";
import { block } from "./markdown.ts";

/** Paragraphs of a sheet about the variables that its commands read. */
export function preparation(credentials: Credentials): string[] {
  return [
    ...ofMethod(credentials),
    ...(credentials.tokenBinding === "dpop"
      ? ["Make a key for the tokens. They work only with proofs that it signs.", block("sh", dpop)]
      : []),
    ...(isOnThisMachine(credentials.tokenUrl)
      ? ["A proxy cannot reach this machine.", block("sh", noProxy)]
      : []),
  ];
}

const dpop = [
  "export DPOP_KEY_FILE=dpop-key.pem",
  `(umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$DPOP_KEY_FILE")`,
].join("\n");

const noProxy = "export NO_PROXY=localhost,127.0.0.1 no_proxy=localhost,127.0.0.1";

function ofMethod({ auth, issuer, trustedIssuer = "" }: Credentials): string[] {
  switch (auth.method) {
    case "client_secret":
      return [
        "Run this, and paste the secret. It stays out of the shell's history.",
        block("sh", "read -rs CLIENT_SECRET && export CLIENT_SECRET"),
      ];
    case "private_key_jwt":
      return [
        "Name the file of your private key (PEM), its key id, and its algorithm.",
        ...keyChoice(auth),
        block("sh", keyVariables(auth)),
      ];
    case "tls_client_auth":
      return [
        "Name the files of your certificate and its private key (PEM).",
        block("sh", "export CERTIFICATE_FILE=client.pem PRIVATE_KEY_FILE=client-key.pem"),
      ];
    case "federated_jwt":
      return issuersToken(trustedIssuer, issuer);
  }
}

/** The keys of a customer that changes its key. */
function keyChoice({ jwks = [] }: PrivateKeyJwt): string[] {
  if (jwks.length < 2) return [];
  return [`You have several keys: ${jwks.map(keyLabel).join(", ")}. These lines are for the last.`];
}

function keyVariables({ jwks = [], algorithm }: PrivateKeyJwt): string {
  // the new key, while the customer changes its key
  const key = jwks.at(-1);
  return [
    "export PRIVATE_KEY_FILE=private-key.pem",
    `export KEY_ID=${shellQuoted(key?.kid ?? "the kid in your key set")}`,
    `export KEY_ALGORITHM=${algorithm ?? key?.alg ?? "ES256"}`,
  ].join("\n");
}

/** How the customer's program gets a token of its own issuer. */
function issuersToken(issuer: string, audience: string): string[] {
  if (issuer.startsWith("https://token.actions."))
    return [
      "Add this permission to the job of GitHub Actions.",
      block("yaml", "permissions:\n  id-token: write"),
      "Begin each step that gets a token with these lines.",
      block("sh", githubToken(audience)),
    ];
  if (issuer.includes("gitlab"))
    return [
      "Add this to the job of GitLab CI. GitLab sets the variable ID_TOKEN.",
      block("yaml", `id_tokens:\n  ID_TOKEN:\n    aud: ${audience}`),
    ];
  return [
    "Name the file in which your issuer keeps the token. Its `aud` is only the one above, and it has a `jti`.",
    block("sh", `export TOKEN_FILE=token.jwt\nID_TOKEN=$(cat "$TOKEN_FILE") && export ID_TOKEN`),
  ];
}

function githubToken(audience: string): string {
  const url = `$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${encodeURIComponent(audience)}`;
  return [
    `ID_TOKEN=$(curl -sS --config - "${url}" <<EOF | jq -r .value`,
    'header = "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN"',
    "EOF",
    ")",
    "export ID_TOKEN",
  ].join("\n");
}
