import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import type {
  PublicJwk,
  SigningAlgorithm,
} from "../../../constructs/authentication/authentication.ts";
import { templateProblems } from "../../../constructs/synthesis/terraform-template.ts";
import { holdsPrivateKey, isPrivateJwk } from "../../../text/private-keys.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { quoted } from "../../../text/quoted.ts";
import { firstInvisible } from "../../../text/visible.ts";

/** A key that cannot be used. The message follows the name of its file, or its place, and never contains the key. */
export class KeyProblem extends Error {}

const privateKey =
  "is a private key, which only the customer may have; remove it, and let the customer make a new one";
const notPublicKey = "is not a public key; write it as a JWK, or save it as PEM in a file";

/**
 * The members that a JWK may have. Others are misspelled, or for another program that reads a file with it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4 (RFC 7517, "JSON Web Key (JWK) Format")
 */
const jwkMembers: readonly string[] = [
  ...["kty", "use", "key_ops", "alg", "kid", "x5u", "x5c", "x5t", "x5t#S256"],
  ...["crv", "x", "y", "n", "e", "ext", "iat", "nbf", "exp"],
];

/** A whole file in PEM. OpenSSL skips text around the key, so that a file could be something else as well. */
const pemFile =
  /^\s*-----BEGIN ((?:RSA )?PUBLIC KEY|CERTIFICATE)-----\s[A-Za-z0-9+/=\s]+-----END \1-----\s*$/;

/**
 * A public key of a PEM file, a JWK file or a JWK.
 *
 * @param algorithm the algorithm that it is for, by default the one of the JWK, or else the usual one for such a key
 * @throws KeyProblem if it is none, if it is a private key, or if it does not suit the algorithm
 */
export function publicKey(source: unknown, algorithm?: SigningAlgorithm): PublicJwk {
  const { key, kid, alg: own } = read(source);
  const suitable = algorithmsOf(key);
  if (suitable.length === 0)
    throw new KeyProblem(
      "is not a key that customers may use; use RSA with 2048 bits or more, P-256 or Ed25519",
    );
  if (algorithm !== undefined && own !== undefined && own !== algorithm)
    throw new KeyProblem(`is for ${quoted(own)}, not ${algorithm}; make both the same`);
  const wanted = algorithm ?? own ?? suitable[0];
  const alg = suitable.find((each) => each === wanted);
  if (alg === undefined)
    throw new KeyProblem(
      `does not suit ${quoted(wanted)}; use ${suitable.join(" or ")}, or another key`,
    );
  const members = key.export({ format: "jwk" }) as Record<string, string> & { kty: string };
  return { ...members, kid: kid ?? thumbprint(members), alg, use: "sig" };
}

/**
 * The thumbprint of a key: SHA-256 of its required members.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7638#section-3 (RFC 7638, "JWK Thumbprint")
 */
export function thumbprint(jwk: Readonly<Record<string, string>>): string {
  const required = ["crv", "e", "k", "kty", "n", "x", "y"];
  const members = required.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]]));
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest("base64url");
}

/** A key, with what its JWK says about it. */
interface ReadKey {
  readonly key: KeyObject;
  readonly kid?: string;
  readonly alg?: string;
}

function read(source: unknown): ReadKey {
  if (typeof source !== "string") return readJwk(source);
  if (holdsPrivateKey(source)) throw new KeyProblem(privateKey);
  // also without a byte order mark
  const text = source.trim();
  if (text.startsWith("{")) return readJwk(parsed(text));
  const count = text.match(/^-----BEGIN /gm)?.length ?? 0;
  if (count > 1) throw new KeyProblem(`has ${count} keys; save each in a file of its own`);
  if (count === 1 && !pemFile.test(text))
    throw new KeyProblem(
      "has more than a public key in PEM; keep only the key, without text around",
    );
  return { key: created(() => createPublicKey(text)) };
}

function readJwk(jwk: unknown): ReadKey {
  if (typeof jwk !== "object" || jwk === null) throw new KeyProblem(notPublicKey);
  if (isPrivateJwk(jwk)) throw new KeyProblem(privateKey);
  if ("keys" in jwk) throw new KeyProblem("is a key set; save each of its keys in a file");
  const { kid, alg, use } = jwk as { kid?: unknown; alg?: unknown; use?: unknown };
  const key = created(() => createPublicKey({ key: jwk as never, format: "jwk" }));
  if (use !== undefined && use !== "sig")
    throw new KeyProblem('is not for signatures; use a key whose "use" is sig');
  if (alg !== undefined && typeof alg !== "string")
    throw new KeyProblem("has an algorithm (alg) that is not text; write it in quotes");
  const others = Object.keys(jwk).filter((name) => !jwkMembers.includes(name));
  if (others.length > 0)
    throw new KeyProblem(`has ${listed(others)}, which a JWK does not have; keep only the key`);
  return {
    key,
    ...(kid !== undefined && { kid: checkedKeyId(kid) }),
    ...(alg !== undefined && { alg }),
  };
}

/** A key id, which becomes part of Terraform's configuration, and which people compare. */
function checkedKeyId(kid: unknown): string {
  if (typeof kid !== "string" || kid === "" || kid.length > 255)
    throw new KeyProblem("has a key id (kid) that is not text of 1 to 255 characters; shorten it");
  if (firstInvisible(kid) !== undefined)
    throw new KeyProblem(`has a key id with an invisible character: ${quoted(kid)}; remove it`);
  const [template] = templateProblems("the key id", kid);
  if (template !== undefined) throw new KeyProblem(`is not usable: ${template}`);
  return kid;
}

/** @param text what begins with a brace */
function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new KeyProblem("is not valid JSON; save the key again");
  }
}

function created(create: () => KeyObject): KeyObject {
  try {
    return create();
  } catch {
    throw new KeyProblem(notPublicKey);
  }
}

/** The algorithms that suit a key, the usual one first. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm[] {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === "rsa") return modulusLength >= 2048 ? ["RS256", "PS256"] : [];
  if (asymmetricKeyType === "ec") return namedCurve === "prime256v1" ? ["ES256"] : [];
  return asymmetricKeyType === "ed25519" ? ["EdDSA"] : [];
}
