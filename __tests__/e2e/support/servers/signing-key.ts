import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { exportJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import type { SigningAlgorithm } from "../../../../constructs/authentication/authentication.ts";

/** A key of the tests, and the JWTs that it signs. */
export class SigningKey {
  readonly #pair;
  readonly #algorithm: SigningAlgorithm;

  constructor(algorithm: SigningAlgorithm) {
    this.#algorithm = algorithm;
    this.#pair = createPair(algorithm);
  }

  /** The public key in PEM. */
  get pem(): string {
    return this.#pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  /** The public key, with a key id if there is one. */
  async jwk(kid?: string): Promise<JWK> {
    return { ...(await exportJWK(this.#pair.publicKey)), ...(kid !== undefined && { kid }) };
  }

  /** Signs a JWT that lives for a minute and has its own id, unless the claims say otherwise. */
  sign(claims: JWTPayload, header: { readonly kid?: string } & Record<string, unknown> = {}) {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ iat: now, exp: now + 60, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: this.#algorithm, ...header })
      .sign(this.#pair.privateKey);
  }

  /** A client's assertion, which authenticates it at an issuer. */
  assertion(clientId: string, issuer: string, kid?: string): Promise<string> {
    const claims = { iss: clientId, sub: clientId, aud: issuer };
    return this.sign(claims, kid === undefined ? {} : { kid });
  }

  /**
   * A proof that a request comes from the owner of this key.
   *
   * @param token the access token that it is sent with, if there is one
   * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
   */
  async dpopProof(method: string, url: string, token?: string): Promise<string> {
    const ath = token === undefined ? {} : { ath: sha256(token) };
    const header = { typ: "dpop+jwt", jwk: await this.jwk() };
    return this.sign({ htm: method, htu: url, ...ath }, header);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function createPair(algorithm: SigningAlgorithm) {
  if (algorithm === "ES256") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  if (algorithm === "EdDSA") return generateKeyPairSync("ed25519");
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}
