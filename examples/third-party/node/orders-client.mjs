import * as oidc from "openid-client";
import { fetchPatiently, Unavailable } from "./patience.mjs";

/** Keycloak or the API refused a request, and a retry does not help. The message is for users. */
export class Refused extends Error {}

/**
 * @typedef {object} Options
 * @property {string} tokenUrl Keycloak's token endpoint
 * @property {string} clientId
 * @property {string} clientSecret
 * @property {string} apiUrl
 * @property {number} [retrySeconds] the seconds for which each request is retried. Default: 60
 * @property {AbortSignal} [signal] aborts running requests
 */

/** @typedef {{ id: string, item: string, quantity: number, createdAt: string }} Order */
/** @typedef {{ orders: Order[], next: string | null }} Page one page, newest first. `next` is the `before` of the next page */
/** @typedef {{ value: string, renewAt: number }} Token */

/**
 * Calls the API for one customer, and gets the access tokens (RFC 6749, section 4.4). Its methods reject with Refused or
 * Unavailable.
 */
export class OrdersClient {
  #apiUrl;
  #patience;
  #keycloak;
  /** @type {Token | undefined} */
  #token;
  /** @type {Promise<Token> | undefined} */
  #pending;

  /** @param {Options} options */
  constructor({ tokenUrl, clientId, clientSecret, apiUrl, retrySeconds = 60, signal }) {
    this.#apiUrl = apiUrl.replace(/\/$/, "");
    this.#patience = { seconds: retrySeconds, signal };
    // form-encodes id and secret, as RFC 6749, section 2.3.1, requires
    const authentication = oidc.ClientSecretBasic(clientSecret);
    const metadata = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
    this.#keycloak = new oidc.Configuration(metadata, clientId, undefined, authentication);
    this.#keycloak[oidc.customFetch] = (url, { method, headers, body }) =>
      fetchPatiently(
        url,
        { method, headers, body: /** @type {URLSearchParams} */ (body) },
        { ...this.#patience, server: "Keycloak", repeatable: true },
      );
    // http: URLs are always on this machine
    if (tokenUrl.startsWith("http:")) oidc.allowInsecureRequests(this.#keycloak);
  }

  /**
   * @param {string} [before] the `next` of the previous page
   * @returns {Promise<Page>}
   */
  async list(before) {
    const query = before === undefined ? "" : `?${new URLSearchParams({ before }).toString()}`;
    return /** @type {Page} */ (await this.#call("GET", `/orders${query}`));
  }

  /**
   * Places an order. A retry happens only if the API cannot have placed it yet.
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
    if (answer.ok) throw new Refused("the server at API_URL is not the API; check API_URL");
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
      { ...this.#patience, server: "the API", repeatable: method === "GET" },
    );
  }

  /**
   * The cached token, or a new one if it expires soon or the API refused it. Parallel calls share one request for a token.
   *
   * @param {Token} [refused]
   * @returns {Promise<Token>}
   */
  async #accessToken(refused) {
    const token = this.#token;
    if (token && token !== refused && performance.now() < token.renewAt) return token;
    this.#pending ??= this.#requestToken().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #requestToken() {
    const { client_id } = this.#keycloak.clientMetadata();
    try {
      const answer = await oidc.clientCredentialsGrant(this.#keycloak);
      // kept until a tenth of its lifetime is left
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
      throw new Refused("the server at TOKEN_URL issues no token; check TOKEN_URL");
    }
  }
}

/**
 * The message for an error of Keycloak, which distinguishes unknown and suspended clients from wrong secrets.
 *
 * @param {string} error
 * @param {string} clientId
 */
function refusalByKeycloak(error, clientId) {
  switch (error) {
    case "invalid_client":
      return `Keycloak refuses CLIENT_ID "${clientId}" (invalid_client): the customer does not exist or is suspended; ask the operator of the API`;
    case "unauthorized_client":
      return `Keycloak refuses CLIENT_SECRET for "${clientId}" (unauthorized_client): use the latest secret that you received`;
    default:
      return `Keycloak issues no token (${error}); check TOKEN_URL`;
  }
}

/**
 * The message for an error of the API, with its problem details if there are any (RFC 9457).
 *
 * @param {number} status
 * @param {Record<string, unknown> | undefined} problem
 */
function refusalByApi(status, problem) {
  const details = [problem?.detail, problem?.errors].filter((member) => member !== undefined);
  const detail = details.length > 0 ? `: ${JSON.stringify(details)}` : "";
  switch (status) {
    case 401:
      return `the API refuses new tokens too${detail}; check that TOKEN_URL and API_URL belong together`;
    case 403:
      return `the API does not permit this${detail}; ask the operator of the API`;
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
