import { createHash, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** Proves that the client holds the key of its tokens (DPoP, RFC 9449). The key lives as long as the process. */
export class Prover {
  #key = generateKeyPair("ES256");
  /** @type {Map<string, string>} */
  #nonces = new Map();

  /**
   * The header with the proof of one request.
   *
   * @param {string} method
   * @param {string} url
   * @param {string} [token] the token that the request sends
   * @returns {Promise<Record<string, string>>}
   */
  async headers(method, url, token) {
    const { privateKey, publicKey } = await this.#key;
    const { origin, pathname } = new URL(url);
    const nonce = this.#nonces.get(origin);
    const ath = token && createHash("sha256").update(token).digest("base64url");
    const claims = { htm: method, htu: origin + pathname, jti: randomUUID() };
    const proof = await new SignJWT({ ...claims, ...(ath && { ath }), ...(nonce && { nonce }) })
      .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: await exportJWK(publicKey) })
      .setIssuedAt()
      .sign(privateKey);
    return { DPoP: proof };
  }

  /**
   * Remembers the nonce of an answer (RFC 9449, section 8).
   *
   * @param {string} url
   * @param {import("./patience.mjs").Answer} answer
   * @returns {boolean} whether the server asks to repeat the request with it
   */
  learn(url, { status, nonce, challenge, body }) {
    if (nonce) this.#nonces.set(new URL(url).origin, nonce);
    const asks = (status === 400 || status === 401) && `${challenge}${body}`;
    return nonce !== "" && asks !== false && asks.includes("use_dpop_nonce");
  }
}
