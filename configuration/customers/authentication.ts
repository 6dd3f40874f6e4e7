import { readFileSync } from "node:fs";
import { z } from "zod";
import {
  type Authentication,
  authenticationMethods,
  type PublicJwk,
} from "../../constructs/authentication/authentication.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { templateProblems } from "../../constructs/terraform-template.ts";
import { didYouMean, hint, listed } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import { withErrorHints } from "../error-hints.ts";
import { checkedText, plainText } from "../plain-text.ts";
import { KeyProblem, publicKey } from "./public-keys.ts";

/** What of a declaration decides how customers may authenticate. */
export type DeclaredAuthentication = Pick<RealmDeclaration, "issuers" | "allowedJwksHosts">;

const algorithm = z.enum(["RS256", "PS256", "ES256", "EdDSA"]);

/** Schema of `auth`. Its `method` decides which other fields it has. */
export function authenticationSchema(declared: DeclaredAuthentication) {
  const schema = z.discriminatedUnion(
    "method",
    [
      z.strictObject({ method: z.literal("client_secret") }),
      privateKeyJwt(declared),
      z.strictObject({
        method: z.literal("tls_client_auth"),
        subjectDn: plainText("the certificate's subject"),
        caSubjectDn: plainText("the authority's subject").exactOptional(),
      }),
      z.strictObject({
        method: z.literal("federated_jwt"),
        issuer: issuerName(Object.keys(declared.issuers ?? {})),
        subject: plainText("the subject of the token"),
      }),
    ],
    { error: ({ input }) => methodProblem(input) },
  );
  return withErrorHints(schema, {
    expected: "a mapping, such as {method: client_secret}",
    example: "{method: client_secret}",
  });
}

function methodProblem(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const oneOf = `one of ${authenticationMethods.join(", ")}`;
  const { method } = input as { method?: unknown };
  if (typeof method === "string")
    return `unknown method ${quoted(method)}${didYouMean(method, authenticationMethods) || `; use ${oneOf}`}`;
  return method === undefined ? `is missing; set it to ${oneOf}` : `must be ${oneOf}`;
}

function issuerName(names: readonly string[]) {
  return checkedText((name) =>
    names.includes(name)
      ? []
      : [
          `unknown issuer ${quoted(name)}${hint(name, names, "; declare it with a TrustedIssuer in main.ts")}`,
        ],
  );
}

function privateKeyJwt({ allowedJwksHosts = [] }: DeclaredAuthentication) {
  return z
    .strictObject({
      method: z.literal("private_key_jwt"),
      jwksUrl: checkedText((text) => jwksUrlProblems(text, allowedJwksHosts)).exactOptional(),
      // its content is checked below, by messages without it: it may be a private key
      jwks: z
        .any()
        .optional()
        .meta({ type: "object", description: "Key set with the customer's public keys" }),
      publicKey: z
        .any()
        .optional()
        .meta({ type: ["string", "array"], description: "PEM or JWK files with public keys" }),
      algorithm: algorithm.exactOptional(),
    })
    .superRefine((auth, context) => {
      const given = (["jwksUrl", "jwks", "publicKey"] as const).filter(
        (name) => auth[name] !== undefined,
      );
      if (given.length !== 1) {
        const message = `needs exactly one of jwksUrl, jwks and publicKey, not ${listed(given) || "none"}`;
        context.addIssue({ code: "custom", message });
      }
      for (const { path, message } of keysOf(auth).problems)
        context.addIssue({ code: "custom", path, message });
    })
    .meta({
      oneOf: [{ required: ["jwksUrl"] }, { required: ["jwks"] }, { required: ["publicKey"] }],
    });
}

type PrivateKeyJwtInput = z.output<ReturnType<typeof privateKeyJwt>>;

interface Keys {
  readonly keys: readonly PublicJwk[];
  readonly problems: readonly { readonly path: (string | number)[]; readonly message: string }[];
}

/** The keys of an entry, which may be in it or in files. */
function keysOf({ jwks, publicKey: files, algorithm: only }: PrivateKeyJwtInput): Keys {
  const keys: PublicJwk[] = [];
  const problems: { path: (string | number)[]; message: string }[] = [];
  const add = (path: (string | number)[], read: () => unknown) => {
    try {
      keys.push(publicKey(read(), only));
    } catch (error) {
      if (!(error instanceof KeyProblem)) throw error;
      problems.push({ path, message: error.message });
    }
  };
  if (jwks !== undefined) {
    const list = (jwks as { keys?: unknown } | null)?.keys;
    if (Array.isArray(list))
      list.forEach((each, index) => { add(["jwks", "keys", index], () => each); });
    else problems.push({ path: ["jwks"], message: "is no key set; write {keys: [...]}" });
  }
  if (Array.isArray(files))
    files.forEach((file, index) => { add(["publicKey", index], () => keyFile(file)); });
  else if (files !== undefined) add(["publicKey"], () => keyFile(files));
  const total = jwks === undefined && files === undefined ? 1 : keys.length;
  if (problems.length === 0 && (total < 1 || total > 2))
    problems.push({
      path: [jwks === undefined ? "publicKey" : "jwks"],
      message: `has ${total} keys; give one, or two while the customer changes its key`,
    });
  return { keys, problems };
}

/** The content of a key file. */
function keyFile(file: unknown): string {
  if (typeof file !== "string") throw new KeyProblem("is no file name");
  if (file.includes("PRIVATE KEY"))
    throw new KeyProblem("is a private key, not a file name; remove it, and make a new key");
  if (file.includes("\n"))
    throw new KeyProblem("is no file name; save the key in a file, and name that");
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new KeyProblem(`${quoted(file)} cannot be read; add the file to the repository`);
  }
}

/**
 * Problems of an address that Keycloak would fetch keys from: it is a request from inside the network of Keycloak.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */
function jwksUrlProblems(text: string, hosts: readonly string[]): string[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:") return [`${quoted(text)} is no https address`];
  if (url.port !== "" || url.username !== "" || url.password !== "" || url.hash !== "")
    return [`${quoted(text)} has a port, a user or a fragment; remove it`];
  if (!hosts.includes(url.hostname))
    return [
      `the host ${quoted(url.hostname)} is not in allowedJwksHosts of the environment${hint(url.hostname, hosts)}`,
    ];
  return templateProblems("the address", text);
}

/** How a customer authenticates, with its keys. */
export function authenticationOf(
  auth: z.output<ReturnType<typeof authenticationSchema>>,
): Authentication {
  if (auth.method !== "private_key_jwt") return auth;
  const { method, jwksUrl, algorithm: only } = auth;
  return {
    method,
    ...(jwksUrl === undefined ? { jwks: keysOf(auth).keys } : { jwksUrl }),
    ...(only !== undefined && { algorithm: only }),
  };
}
