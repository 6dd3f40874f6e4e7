import * as oidc from "openid-client";
import { fetchPatiently, Unavailable } from "./patience.mjs";

/** Keycloak or the API refuses, and trying again does not help, in words for people. */
export class Refused extends Error {}

/**
 * @typedef {object} Options
 * @property {string} tokenUrl Keycloak's token endpoint
 * @property {string} clientId
 * @property {string} clientSecret
 * @property {string} apiUrl
 * @property {number} [retrySeconds] how long each request may be sent again. Default: 60
 * @property {AbortSignal} [signal] ends what is running
 */

/** @typedef {{ id: string, item: string, quantity: number, createdAt: string }} Order */
/** @typedef {{ orders: Order[], next: string | null }} Page one page, newest first; `next` is the next page's `before` */
/** @typedef {{ value: string, renewAt: number }} Token */

/**
 * Calls the API for one customer, with access tokens of its own (RFC 6749, section 4.4). Methods reject with Refused, or with
 * Unavailable.
 */
export class OrdersClient {
  #apiUrl;
  #patience;
  #keycloak;
  /** @type {Token | undefined} */
  #token;
  /** @type {Promise<Token> | undefined} */
  #coming;

  /** @param {Options} options */
  constructor({ tokenUrl, clientId, clientSecret, apiUrl, retrySeconds = 60, signal }) {
    this.#apiUrl = apiUrl.replace(/\/$/, "");
    this.#patience = { seconds: retrySeconds, signal };
    // form-encodes id and secret, as RFC 6749, section 2.3.1, asks
    const authentication = oidc.ClientSecretBasic(clientSecret);
    const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
    this.#keycloak = new oidc.Configuration(server, clientId, undefined, authentication);
    this.#keycloak[oidc.customFetch] = (url, { method, headers, body }) =>
      fetchPatiently(
        url,
        { method, headers, body: /** @type {URLSearchParams} */ (body) },
        { ...this.#patience, who: "Keycloak", repeatable: true },
      );
    // one without TLS is on this machine
    if (tokenUrl.startsWith("http:")) oidc.allowInsecureRequests(this.#keycloak);
  }

  /**
   * @param {string} [before] the `next` of the page before
   * @returns {Promise<Page>}
   */
  async list(before) {
    const query = before === undefined ? "" : `?${new URLSearchParams({ before }).toString()}`;
    return /** @type {Page} */ (await this.#call("GET", `/orders${query}`));
  }

  /**
   * Places an order. It is sent again only where it is known not to have been placed.
   *
   * @param {string} item
   * @param {number} quantity
   * @returns {Promise<Order>}
   */
  async place(item, quantity) {
    return /** @type {Order} */ (await this.#call("POST", "/orders", { item, quantity }));
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [content]
   */
  async #call(method, path, content) {
    const token = await this.#accessToken();
    let answer = await this.#send(method, path, token, content);
    if (answer.status === 401) {
      answer = await this.#send(method, path, await this.#accessToken(token), content);
    }
    const result = await jsonObject(answer);
    if (answer.ok && result) return result;
    if (answer.ok) throw new Refused("what answers at API_URL is not the API; check API_URL");
    throw new Refused(refusalByApi(answer.status, result));
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Token} token
   * @param {object} [content]
   */
  #send(method, path, token, content) {
    const headers = {
      Authorization: `Bearer ${token.value}`,
      ...(content && { "Content-Type": "application/json" }),
    };
    return fetchPatiently(
      this.#apiUrl + path,
      { method, headers, ...(content && { body: JSON.stringify(content) }) },
      { ...this.#patience, who: "the API", repeatable: method === "GET" },
    );
  }

  /**
   * The token in the cache, or a new one where it ends soon or is the one that was refused. Whoever comes while one is asked for
   * gets that one.
   *
   * @param {Token} [refused]
   * @returns {Promise<Token>}
   */
  async #accessToken(refused) {
    const token = this.#token;
    if (token && token !== refused && performance.now() < token.renewAt) return token;
    this.#coming ??= this.#requestToken().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  async #requestToken() {
    const { client_id } = this.#keycloak.clientMetadata();
    try {
      const answer = await oidc.clientCredentialsGrant(this.#keycloak);
      // until a tenth of its life is left
      const renewAt = performance.now() + 900 * (answer.expires_in ?? 0);
      this.#token = { value: answer.access_token, renewAt };
      return this.#token;
    } catch (error) {
      this.#patience.signal?.throwIfAborted();
      if (error instanceof oidc.ResponseBodyError) {
        throw new Refused(refusalByKeycloak(error.error, client_id));
      }
      if (!(error instanceof oidc.ClientError)) throw error;
      if (error.cause instanceof Unavailable) throw error.cause;
      throw new Refused("what answers at TOKEN_URL gives no token; check TOKEN_URL");
    }
  }
}

/**
 * Keycloak tells unknown and suspended clients from a wrong secret.
 *
 * @param {string} error
 * @param {string} clientId
 */
function refusalByKeycloak(error, clientId) {
  switch (error) {
    case "invalid_client":
      return `Keycloak refuses CLIENT_ID "${clientId}" (invalid_client): there is no such customer, or it is suspended; ask whoever runs the API`;
    case "unauthorized_client":
      return `Keycloak refuses CLIENT_SECRET for "${clientId}" (unauthorized_client): use the secret that you were given last`;
    default:
      return `Keycloak gives no token (${error}); check TOKEN_URL`;
  }
}

/**
 * With what the API says is wrong, if it does (RFC 9457).
 *
 * @param {number} status
 * @param {Record<string, unknown> | undefined} problem
 */
function refusalByApi(status, problem) {
  const said = [problem?.detail, problem?.errors].filter((part) => part !== undefined);
  const detail = said.length > 0 ? `: ${JSON.stringify(said)}` : "";
  switch (status) {
    case 401:
      return `the API refuses new tokens too${detail}; check that TOKEN_URL and API_URL belong together`;
    case 403:
      return `the API does not permit this${detail}; ask whoever runs the API`;
    default:
      return `the API answers with HTTP ${status}${detail}`;
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<Record<string, unknown> | undefined>}
 */
async function jsonObject(answer) {
  const body = /** @type {unknown} */ (await answer.json().catch(() => undefined));
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined;
  return /** @type {Record<string, unknown>} */ (body);
}
