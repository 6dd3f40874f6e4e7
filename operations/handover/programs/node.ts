import type { Credentials } from "../../keycloak/customers/credentials.ts";
import { assertionType, heredoc, isSigned } from "./parameters.ts";

/** A token request with Node. */
export function nodeCommand(credentials: Credentials): string {
  const request =
    credentials.auth.method === "tls_client_auth"
      ? [
          "const request = https.request(tokenUrl, {",
          '  method: "POST",',
          '  headers: { "Content-Type": "application/x-www-form-urlencoded" },',
          "  cert: readFileSync(process.env.CERTIFICATE_FILE),",
          "  key: readFileSync(process.env.PRIVATE_KEY_FILE),",
          "});",
          'request.on("response", (answer) => answer.pipe(process.stdout));',
          "request.end(form.toString());",
        ]
      : [
          'const answer = await fetch(tokenUrl, { method: "POST", headers, body: form });',
          "console.log(await answer.text());",
        ];
  return heredoc(node, program(credentials, request));
}

/** A token request of another program, which reads its form and headers as a configuration file of curl. */
export function signingNode(credentials: Credentials, reader: string): string {
  const print = [
    'for (const [name, value] of Object.entries(headers)) console.log(`header = "${name}: ${value}"`);',
    'console.log(`data = "${form}"`);',
  ];
  return heredoc(node, program(credentials, print), reader);
}

const node = "node --input-type=module";

function program(credentials: Credentials, ending: readonly string[]): string {
  return [
    ...imports(credentials),
    `const tokenUrl = ${JSON.stringify(credentials.tokenUrl)};`,
    ...form(credentials),
    ...proof(credentials),
    ...ending,
  ].join("\n");
}

function imports(credentials: Credentials): string[] {
  const { auth, tokenBinding } = credentials;
  const isBound = tokenBinding === "dpop";
  const readsFiles = isSigned(credentials) || auth.method === "tls_client_auth";
  return [
    ...(isSigned(credentials)
      ? [
          `import { createPrivateKey, ${isBound ? "createPublicKey, " : ""}randomUUID } from "node:crypto";`,
        ]
      : []),
    ...(readsFiles ? ['import { readFileSync } from "node:fs";'] : []),
    ...(auth.method === "tls_client_auth" ? ['import https from "node:https";'] : []),
    ...(isSigned(credentials)
      ? [`import { ${isBound ? "exportJWK, " : ""}SignJWT } from "jose";`]
      : []),
  ];
}

function form({ clientId, issuer, auth }: Credentials): string[] {
  const id = JSON.stringify(clientId);
  const begin = [
    'const form = new URLSearchParams({ grant_type: "client_credentials" });',
    "const headers = {};",
  ];
  const assertion = (value: string) => [
    `form.set("client_assertion_type", ${JSON.stringify(assertionType)});`,
    `form.set("client_assertion", ${value});`,
  ];
  switch (auth.method) {
    case "client_secret":
      return [
        ...begin,
        `const pair = [${id}, process.env.CLIENT_SECRET].map(encodeURIComponent).join(":");`,
        "headers.Authorization = `Basic ${btoa(pair)}`;",
      ];
    case "private_key_jwt":
      return [
        ...begin,
        "const key = createPrivateKey(readFileSync(process.env.PRIVATE_KEY_FILE));",
        "const assertion = await new SignJWT({ jti: randomUUID() })",
        "  .setProtectedHeader({ alg: process.env.KEY_ALGORITHM, kid: process.env.KEY_ID })",
        `  .setIssuer(${id}).setSubject(${id}).setAudience(${JSON.stringify(issuer)})`,
        '  .setIssuedAt().setExpirationTime("60s").sign(key);',
        ...assertion("assertion"),
      ];
    case "tls_client_auth":
      return [...begin.slice(0, 1), `form.set("client_id", ${id});`];
    case "federated_jwt":
      return [...begin, ...assertion("process.env.ID_TOKEN")];
  }
}

/** Lines that prove the possession of the key that the token is bound to. */
function proof({ tokenBinding }: Credentials): string[] {
  if (tokenBinding !== "dpop") return [];
  return [
    "const dpopKey = createPrivateKey(readFileSync(process.env.DPOP_KEY_FILE));",
    "const jwk = await exportJWK(createPublicKey(dpopKey));",
    `headers.DPoP = await new SignJWT({ htm: "POST", htu: tokenUrl, jti: randomUUID() })`,
    '  .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })',
    "  .setIssuedAt().sign(dpopKey);",
  ];
}
