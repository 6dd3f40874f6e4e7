import { z } from "zod";
import {
  type Authentication,
  type AuthenticationMethod,
  authenticationMethods,
} from "../../constructs/authentication/authentication.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { templateProblems } from "../../constructs/synthesis/terraform-template.ts";
import { didYouMean, hint, nearest } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import { firstInvisible, visible } from "../../text/visible.ts";
import { withErrorHints } from "../error-hints.ts";
import { checkedText } from "../fields/plain-text.ts";
import { distinguishedNameProblems } from "./distinguished-name.ts";
import { privateKeyJwtOf, privateKeyJwtSchema } from "./keys/private-key-jwt.ts";

/** What of a declaration decides how customers may authenticate. */
export interface DeclaredAuthentication extends Pick<
  RealmDeclaration,
  "issuers" | "allowedJwksHosts"
> {
  /** The environment's file, which messages name. */
  readonly environmentFile?: string;
}

/** Schema of `auth`. Its `method` decides which other fields it has. */
export function authenticationSchema({
  issuers,
  allowedJwksHosts = [],
  environmentFile,
}: DeclaredAuthentication) {
  const schema = z.discriminatedUnion(
    "method",
    [
      z.strictObject({ method: z.literal("client_secret") }),
      privateKeyJwtSchema(allowedJwksHosts, environmentFile),
      z.strictObject({
        method: z.literal("tls_client_auth"),
        subjectDn: distinguishedName("CN=acme.example,O=Acme Corp").describe(
          "Subject of the customer's certificate, as RFC 4514 writes it",
        ),
        caSubjectDn: distinguishedName("CN=Example CA,O=Example")
          .exactOptional()
          .describe("Subject of the authority that issued it; without it, any trusted one"),
      }),
      z.strictObject({
        method: z.literal("federated_jwt"),
        issuer: issuerName(Object.keys(issuers ?? {})),
        subject: checkedText(subjectProblems)
          .describe("The exact sub of the issuer's token")
          .meta({ examples: ["repo:acme/orders:ref:refs/heads/main"] }),
      }),
    ],
    { error: ({ input }) => methodProblem(input) },
  );
  return withErrorHints(schema, {
    expected: "a mapping, such as {method: client_secret}",
    example: "{method: client_secret}",
  });
}

/** The method that an entry has, which may be invalid: undefined if it is none. */
export function methodOf(auth: unknown): AuthenticationMethod | undefined {
  if (auth === undefined) return "client_secret";
  const { method } = (auth ?? {}) as { method?: unknown };
  return authenticationMethods.find((each) => each === method);
}

/** A subject that an entry must not have, and why. */
export interface SubjectProblem {
  /** The id of the entry. */
  readonly id: string;
  readonly message: string;
}

/** Problems of the subjects in all entries: Keycloak gives no token to a subject of an issuer that several clients have. */
export function sharedSubjectProblems(
  entries: Readonly<Record<string, unknown>>,
): SubjectProblem[] {
  const seen = new Map<string, string>();
  return Object.entries(entries).flatMap(([id, entry]) => {
    const { auth } = (entry ?? {}) as { auth?: unknown };
    const { method, issuer, subject } = (auth ?? {}) as Partial<Record<string, unknown>>;
    if (method !== "federated_jwt" || typeof subject !== "string") return [];
    const key = JSON.stringify([issuer, subject]);
    const other = seen.get(key);
    seen.set(key, other ?? id);
    if (other === undefined) return [];
    const message = `is also the subject of ${quoted(other)}; one subject is one customer`;
    return [{ id, message }];
  });
}

/** How a customer authenticates, with its keys. */
export function authenticationOf(
  auth: z.output<ReturnType<typeof authenticationSchema>>,
): Authentication {
  return auth.method === "private_key_jwt" ? privateKeyJwtOf(auth) : auth;
}

function methodProblem(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const oneOf = `one of ${authenticationMethods.join(", ")}`;
  const { method } = input as { method?: unknown };
  if (typeof method === "string")
    return `unknown method ${quoted(method)}${didYouMean(method, authenticationMethods) || `; use ${oneOf}`}`;
  if (method !== undefined) return `must be ${oneOf}`;
  const misspelled = Object.keys(input).find((key) => nearest(key, ["method"]) !== undefined);
  return misspelled === undefined
    ? `is missing; set it to ${oneOf}`
    : `is missing; rename ${quoted(misspelled)} to method`;
}

function distinguishedName(example: string) {
  return checkedText(distinguishedNameProblems).meta({ examples: [example] });
}

function issuerName(names: readonly string[]) {
  return checkedText((name) =>
    names.includes(name)
      ? []
      : [
          `unknown issuer ${quoted(name)}${hint(name, names, "; declare it with a TrustedIssuer in main.ts")}`,
        ],
  )
    .describe("Name of an issuer that main.ts trusts")
    .meta({ ...(names.length > 0 && { enum: names }), examples: [names[0] ?? "github"] });
}

/** Problems of a subject, at most one. Keycloak compares it exactly, so a pattern would match nothing. */
function subjectProblems(text: string): string[] {
  const unseen = firstInvisible(text);
  if (text === "") return ["is empty; write the sub of the issuer's token"];
  if (unseen !== undefined)
    return [`contains the invisible character ${visible(unseen)}; remove it`];
  if (text !== text.trim()) return [`${quoted(text)} begins or ends with a space; remove it`];
  if (text.includes("*"))
    return [`${quoted(text)} contains a wildcard; write the exact sub of the issuer's token`];
  return templateProblems("the subject", text);
}
