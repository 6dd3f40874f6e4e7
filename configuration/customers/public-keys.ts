import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import type {
  PublicJwk,
  SigningAlgorithm,
} from "../../constructs/authentication/authentication.ts";

/** A key that cannot be used. The message never contains the key. */
export class KeyProblem extends Error {}

const privateKey = "is a private key; keep it secret, and give only the public key";

/**
 * A public key of a PEM file, a JWK file or a JWK.
 *
 * @param algorithm the algorithm that it is for, by default the one that suits the key
 * @throws KeyProblem if it is none, if it is a private key, or if it does not suit the algorithm
 */
export function publicKey(source: unknown, algorithm?: SigningAlgorithm): PublicJwk {
  const { key, kid } = read(source);
  const suitable = algorithmsOf(key);
  const alg = algorithm ?? suitable[0];
  if (alg === undefined || !suitable.includes(alg))
    throw new KeyProblem(
      suitable.length === 0
        ? "is no key that Keycloak accepts; use RSA with 2048 bits or more, P-256 or Ed25519"
        : `does not suit ${String(algorithm)}; use ${suitable.join(" or ")}, or another key`,
    );
  const members = key.export({ format: "jwk" }) as Record<string, string> & { kty: string };
  return { ...members, kid: kid ?? thumbprint(members), alg, use: "sig" };
}

/**
 * The thumbprint of a key: SHA-256 of its required members.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7638#section-3
 */
export function thumbprint(jwk: Readonly<Record<string, string>>): string {
  const required = ["crv", "e", "k", "kty", "n", "x", "y"];
  const members = required.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]]));
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest("base64url");
}

function read(source: unknown): { readonly key: KeyObject; readonly kid?: string } {
  const value =
    typeof source === "string" && source.trim().startsWith("{") ? parsed(source) : source;
  if (typeof value === "string") {
    if (value.includes("PRIVATE KEY")) throw new KeyProblem(privateKey);
    return { key: created(() => createPublicKey(value)) };
  }
  if (typeof value !== "object" || value === null)
    throw new KeyProblem("is no public key; write a JWK, or name a PEM file");
  const { kid } = value as { kid?: unknown };
  if ("d" in value || "k" in value) throw new KeyProblem(privateKey);
  const key = created(() => createPublicKey({ key: value as never, format: "jwk" }));
  return { key, ...(typeof kid === "string" && { kid }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeyProblem("is no JSON");
  }
}

function created(create: () => KeyObject): KeyObject {
  try {
    return create();
  } catch {
    throw new KeyProblem("is no public key; write a JWK, or name a PEM file");
  }
}

/** The algorithms that suit a key, the usual one first. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm[] {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === "rsa") return modulusLength >= 2048 ? ["RS256", "PS256"] : [];
  if (asymmetricKeyType === "ec") return namedCurve === "prime256v1" ? ["ES256"] : [];
  return asymmetricKeyType === "ed25519" ? ["EdDSA"] : [];
}
