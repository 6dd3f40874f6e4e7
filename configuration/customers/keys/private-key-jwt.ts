import { z } from "zod";
import type {
  PrivateKeyJwt,
  PublicJwk,
  SigningAlgorithm,
} from "../../../constructs/authentication/authentication.ts";
import { keyHostPattern } from "../../../constructs/authentication/key-host.ts";
import { didYouMean, listed, nearest } from "../../../text/did-you-mean.ts";
import { quoted } from "../../../text/quoted.ts";
import { checkedText } from "../../fields/plain-text.ts";
import { jwksUrlProblems } from "./jwks-url.ts";
import { addressProblem, isAddress, isFileName, keyExtension, readKeyFile } from "./key-files.ts";
import { KeyProblem, publicKey, thumbprint } from "./public-keys.ts";

const algorithms = ["RS256", "PS256", "ES256", "EdDSA"] as const satisfies SigningAlgorithm[];
const keySources = ["jwksUrl", "jwks", "publicKey"] as const;
const mostKeys = 2;

/** JSON Schema of a public key. Its content is checked by messages that never repeat it. */
const jwkSchema = {
  type: "object",
  properties: { kty: { enum: ["RSA", "EC", "OKP"] }, kid: { type: "string" } },
  required: ["kty"],
  not: { required: ["d"] },
};

/** Schema of `auth` with the method `private_key_jwt`. */
export function privateKeyJwtSchema(hosts: readonly string[], environmentFile?: string) {
  return z
    .strictObject({
      method: z.literal("private_key_jwt"),
      jwksUrl: checkedText((text) => jwksUrlProblems(text, hosts, environmentFile))
        .exactOptional()
        .describe("Address of the customer's key set, on a host of allowedJwksHosts")
        .meta({ pattern: `^https://${keyHostPattern}/` }),
      jwks: z
        .any()
        .optional()
        .meta({
          description: "The customer's public keys, as a key set",
          type: "object",
          properties: {
            keys: { type: "array", minItems: 1, maxItems: mostKeys, items: jwkSchema },
          },
          required: ["keys"],
          additionalProperties: false,
        }),
      publicKey: z
        .any()
        .optional()
        .meta({
          description: "File with the customer's public key, as PEM or JWK, or two of them",
          type: ["string", "array"],
          pattern: keyExtension.source,
          items: { type: "string", pattern: keyExtension.source },
          minItems: 1,
          maxItems: mostKeys,
        }),
      algorithm: z
        .enum(algorithms, {
          error: ({ input }) =>
            typeof input === "string"
              ? `unknown algorithm ${quoted(input)}${didYouMean(input, algorithms) || `; use one of ${algorithms.join(", ")}`}`
              : undefined,
        })
        .exactOptional()
        .describe("The only algorithm that is accepted; without it, the one that suits the key"),
    })
    .superRefine(
      (auth, context) => {
        const problem = sourceProblem(auth, context.issues);
        if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
        for (const { path, message } of [...keysOf(auth).problems, ...countProblems(auth)])
          context.addIssue({ code: "custom", path, message });
      },
      { when: ({ value }) => typeof value === "object" && value !== null },
    )
    .meta({ oneOf: keySources.map((name) => ({ required: [name] })) });
}

type PrivateKeyJwtInput = z.output<ReturnType<typeof privateKeyJwtSchema>>;

/** The method of a valid entry, with its keys. */
export function privateKeyJwtOf(auth: PrivateKeyJwtInput): PrivateKeyJwt {
  const { method, jwksUrl, algorithm } = auth;
  return {
    method,
    ...(jwksUrl === undefined ? { jwks: keysOf(auth).keys } : { jwksUrl }),
    ...(algorithm !== undefined && { algorithm }),
  };
}

function sourceProblem(
  auth: PrivateKeyJwtInput,
  issues: readonly z.core.$ZodRawIssue[],
): string | undefined {
  const given = keySources.filter((name) => auth[name] !== undefined);
  if (given.length > 1) return `has ${listed(given)}; keep one of them`;
  if (given.length === 1) return undefined;
  const misspelled = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys : [],
  );
  return misspelled.some((name) => nearest(name, keySources) !== undefined)
    ? undefined
    : `has no key; add one of ${keySources.join(", ")}`;
}

interface KeysOfEntry {
  readonly keys: readonly PublicJwk[];
  readonly problems: readonly KeyOfEntryProblem[];
}

interface KeyOfEntryProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** A key of an entry that is not read yet. */
interface UnreadKey {
  readonly path: (string | number)[];
  readonly read: () => unknown;
  /** The name of its file, which may be invalid, if it is in one. */
  readonly file?: unknown;
}

/** The keys of an entry, which are in it or in files. */
function keysOf({ jwks, publicKey: files, algorithm }: PrivateKeyJwtInput): KeysOfEntry {
  const keys: PublicJwk[] = [];
  const problems: KeyOfEntryProblem[] = [];
  const only = algorithms.find((each) => each === algorithm);
  for (const { path, read, file } of [...inEntry(jwks), ...inFiles(files)]) {
    const report = (problem: string) => {
      const message = isFileName(file) ? `${quoted(file)} ${problem}` : problem;
      problems.push({ path, message });
    };
    try {
      const key = publicKey(read(), only);
      const problem = duplicateProblem(key, keys);
      if (problem !== undefined) report(problem);
      keys.push(key);
    } catch (error) {
      if (!(error instanceof KeyProblem)) throw error;
      report(error.message);
    }
  }
  return { keys, problems };
}

function inEntry(jwks: unknown): UnreadKey[] {
  if (jwks === undefined) return [];
  const list = keySetOf(jwks);
  const failing = (path: string[], problem: string) => ({
    path,
    read: () => {
      throw new KeyProblem(problem);
    },
  });
  if (!Array.isArray(list)) {
    const problem = isAddress(jwks) ? addressProblem : "is not a key set; write {keys: [...]}";
    return [failing(["jwks"], problem)];
  }
  return [
    ...list.map((each: unknown, index) => ({ path: ["jwks", "keys", index], read: () => each })),
    ...Object.keys(jwks as object)
      .filter((name) => name !== "keys")
      .map((name) => failing(["jwks", name], "does not belong to a key set; move or remove it")),
  ];
}

function keySetOf(jwks: unknown): unknown {
  return typeof jwks === "object" && jwks !== null && "keys" in jwks ? jwks.keys : undefined;
}

function inFiles(files: unknown): UnreadKey[] {
  if (files === undefined) return [];
  const key = (file: unknown, ...index: number[]): UnreadKey => ({
    ...{ path: ["publicKey", ...index], file, read: () => readKeyFile(file) },
  });
  return Array.isArray(files)
    ? files.map((file: unknown, index) => key(file, index))
    : [key(files)];
}

function duplicateProblem(key: PublicJwk, others: readonly PublicJwk[]): string | undefined {
  if (others.some((other) => thumbprint(other) === thumbprint(key)))
    return "is the same key as the one before; remove it";
  return others.some(({ kid }) => kid === key.kid)
    ? `has the key id ${quoted(key.kid)} of the one before; choose another`
    : undefined;
}

/** Problems of the number of keys in a list. */
function countProblems({ jwks, publicKey: files }: PrivateKeyJwtInput): KeyOfEntryProblem[] {
  const lists = [
    { path: ["jwks", "keys"], list: keySetOf(jwks) },
    { path: ["publicKey"], list: files as unknown },
  ];
  return lists.flatMap(({ path, list }) => {
    if (!Array.isArray(list) || (list.length > 0 && list.length <= mostKeys)) return [];
    const count = list.length === 0 ? "is empty" : `has ${list.length} keys`;
    return [{ path, message: `${count}; give one, or two while the customer changes its key` }];
  });
}
