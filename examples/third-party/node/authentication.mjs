import { createPrivateKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { SignJWT } from "jose";

/**
 * How a client authenticates at the token endpoint.
 *
 * @typedef {object} Authentication
 * @property {string} setting what Keycloak refuses if it does not accept the client, for messages
 * @property {string} advice what to do then, for messages
 * @property {() => Promise<Credentials>} credentials makes the credentials of one request
 * @property {Certificate} [certificate] the client certificate of every connection
 */

/** @typedef {{ headers?: Record<string, string>, form?: Record<string, string> }} Credentials */
/** @typedef {Pick<import("node:tls").ConnectionOptions, "cert" | "key" | "ca">} Certificate */

/**
 * With a secret (RFC 6749, section 2.3.1).
 *
 * @param {string} clientId
 * @param {string} secret
 * @returns {Authentication}
 */
export function clientSecret(clientId, secret) {
  const credentials = Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`);
  const headers = { Authorization: `Basic ${credentials.toString("base64")}` };
  return {
    setting: "CLIENT_SECRET",
    advice: "use the latest secret that you received",
    credentials: () => Promise.resolve({ headers }),
  };
}

/**
 * With an assertion that the client signs (RFC 7523, section 2.2). Each request has its own, because it works once.
 *
 * @param {{ clientId: string, tokenUrl: string, keyFile: string, keyId: string, algorithm: string }} options the key is a PEM file
 * @returns {Authentication}
 */
export function privateKeyJwt({ clientId, tokenUrl, keyFile, keyId, algorithm }) {
  // Keycloak wants its issuer as the audience
  const audience = tokenUrl.replace(/\/protocol\/openid-connect\/token$/, "");
  return {
    setting: "PRIVATE_KEY_FILE",
    advice: "check that the API's operator has its public key, and check KEY_ID and KEY_ALGORITHM",
    credentials: async () => {
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: algorithm, kid: keyId })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime("60s")
        .sign(createPrivateKey(await readFile(keyFile)));
      return { form: withAssertion(clientId, assertion) };
    },
  };
}

/**
 * With a client certificate (RFC 8705, section 2). The tokens are bound to it, so calls of the API send it too.
 *
 * @param {string} clientId
 * @param {Certificate} certificate
 * @returns {Authentication}
 */
export function tlsClientAuth(clientId, certificate) {
  return {
    setting: "CERTIFICATE_FILE",
    advice: "check that the API's operator knows the certificate, and that it has not expired",
    credentials: () => Promise.resolve({ form: { client_id: clientId } }),
    certificate,
  };
}

/**
 * With the token of another issuer, such as a CI system (RFC 7523). The file is read for each request, because others renew it.
 *
 * @param {string} clientId
 * @param {string} tokenFile
 * @returns {Authentication}
 */
export function federatedJwt(clientId, tokenFile) {
  return {
    setting: "TOKEN_FILE",
    advice:
      "check that the token is fresh, and that the API's operator knows its issuer and subject",
    credentials: async () => ({
      form: withAssertion(clientId, (await readFile(tokenFile, "utf8")).trim()),
    }),
  };
}

/**
 * Reads how the client authenticates from its settings.
 *
 * @param {{ clientId: string, tokenUrl: string }} client
 * @param {(name: string, ifMissing?: string) => string} read reads a setting, and reports if it is missing or wrong
 * @param {(problem: string) => void} report
 * @returns {Authentication | undefined}
 */
export function authenticationOf({ clientId, tokenUrl }, read, report) {
  switch (read("AUTH_METHOD", "client_secret")) {
    case "client_secret":
      return clientSecret(clientId, read("CLIENT_SECRET"));
    case "private_key_jwt": {
      const [keyFile, keyId] = [read("PRIVATE_KEY_FILE"), read("KEY_ID")];
      const algorithm = read("KEY_ALGORITHM", "ES256");
      return privateKeyJwt({ clientId, tokenUrl, keyFile, keyId, algorithm });
    }
    case "tls_client_auth":
      try {
        const [cert, key] = ["CERTIFICATE_FILE", "PRIVATE_KEY_FILE"].map((name) => {
          const file = read(name);
          return file && readFileSync(file);
        });
        return tlsClientAuth(clientId, { cert, key });
      } catch {
        report("CERTIFICATE_FILE or PRIVATE_KEY_FILE cannot be read");
        return undefined;
      }
    case "federated_jwt":
      return federatedJwt(clientId, read("TOKEN_FILE"));
    default:
      report(
        "AUTH_METHOD has to be client_secret, private_key_jwt, tls_client_auth or federated_jwt",
      );
      return undefined;
  }
}

/**
 * @param {string} clientId
 * @param {string} assertion
 */
function withAssertion(clientId, assertion) {
  return {
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
}

/**
 * Encodes an id or a secret as RFC 6749, section 2.3.1, requires.
 *
 * @param {string} text
 */
function formEncoded(text) {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
