import { createPublicKey, type JsonWebKey } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from "jose";

/** Tokens that an attacker makes from a real token and the keys that the realm publishes. */
export async function forgedTokens(
  issuer: string,
  real: string,
): Promise<Record<string, InvalidToken>> {
  const { kid = "" } = decodeProtectedHeader(real);
  const claims = decodeJwt(real);
  const [header = "", payload = "", signature = ""] = real.split(".");
  const pem = await publicKey(issuer, kid);
  const { privateKey } = await generateKeyPair("RS256");
  const none = segment({ alg: "none", typ: "JWT", kid });
  const hs256 = new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT", kid });
  const stranger = new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "JWT", kid });
  return {
    "alg: none": { token: `${none}.${payload}.`, reason: "algorithm is not allowed" },
    "alg: none with the real signature": {
      token: `${none}.${payload}.${signature}`,
      reason: "algorithm is not allowed",
    },
    "signed by HS256 with the public key": {
      token: await hs256.sign(new TextEncoder().encode(pem)),
      reason: "algorithm is not allowed",
    },
    "signed by another key": { token: await stranger.sign(privateKey), reason: "not valid" },
    "altered to name another customer": {
      token: withClaims({ azp: "globex", client_id: "globex" }, real),
      reason: "not valid",
    },
    "without its signature": { token: `${header}.${payload}.`, reason: "not valid" },
  };
}

/** A token that the backend must refuse. */
export interface InvalidToken {
  readonly token: string;
  /** Text in the reason that the backend gives. */
  readonly reason: string;
}

/** A token with the claims of a real one and any key id, signed by a key that nobody publishes. */
export async function withKeyId(kid: string, real: string): Promise<string> {
  strangersKey ??= generateKeyPair("RS256");
  const { privateKey } = await strangersKey;
  return new SignJWT(decodeJwt(real)).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
}

/** A real token whose claims are altered, with its signature. */
export function withClaims(claims: Readonly<Record<string, unknown>>, real: string): string {
  const [header = "", , signature = ""] = real.split(".");
  return `${header}.${segment({ ...decodeJwt(real), ...claims })}.${signature}`;
}

let strangersKey: ReturnType<typeof generateKeyPair> | undefined;

async function publicKey(issuer: string, kid: string): Promise<string> {
  const answer = await fetch(`${issuer}/protocol/openid-connect/certs`);
  const { keys } = (await answer.json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((one) => one.kid === kid);
  if (!key) throw new Error(`the realm does not publish ${kid}`);
  return createPublicKey({ key, format: "jwk" }).export({ format: "pem", type: "spki" }).toString();
}

function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
