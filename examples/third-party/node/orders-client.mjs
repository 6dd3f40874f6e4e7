import { randomUUID } from "node:crypto";
import { Prover } from "./dpop.mjs";
import { reasonOf, sendPatiently, Unavailable } from "./patience.mjs";

export { Unavailable };

/** Keycloak or the API refused a request, and a retry does not help. The message is for users. */
export class Refused extends Error {}

/**
 * @typedef {object} Options
 * @property {string} tokenUrl Keycloak's token endpoint
 * @property {string} clientId
 * @property {import("./authentication.mjs").Authentication} authentication
 * @property {boolean} [isBound] whether the tokens are bound to a key (DPoP). Default: false
 * @property {string} apiUrl
 * @property {number} [retrySeconds] the seconds for which a failed call is repeated. Default: 60
 * @property {AbortSignal} [signal] aborts running requests
 */

/** @typedef {{ id: string, item: string, quantity: number, createdAt: string }} Order */
/** @typedef {{ orders: Order[], next: string | null }} Page one page, newest first. `next` is the `before` of the next page */
/** @typedef {{ value: string, renewAt: number }} Token */
/** @typedef {{ method: string, path: string, headers?: Record<string, string>, body?: string }} Call */

/** A token's lifetime in seconds if the server does not tell it: `expires_in` is optional. */
const defaultLifetime = 60;

/**
 * Calls the API for one customer, and gets the access tokens (RFC 6749, section 4.4). A call is repeated for at most `retrySeconds`,
 * and ends at the latest 15 seconds later. Methods reject with Refused or Unavailable.
 */
export class OrdersClient {
  #options;
  /** @type {Token | undefined} */
  #token;
  /** @type {Promise<Token> | undefined} */
  #pending;
  /** @type {Prover | undefined} */
  #prover;

  /** @param {Options} options */
  constructor(options) {
    this.#options = { retrySeconds: 60, ...options, apiUrl: options.apiUrl.replace(/\/$/, "") };
    if (options.isBound) this.#prover = new Prover();
  }

  /**
   * @param {string} [before] the `next` of the previous page
   * @returns {Promise<Page>}
   */
  async list(before) {
    const query = before === undefined ? "" : `?${new URLSearchParams({ before }).toString()}`;
    return /** @type {Page} */ (await this.#call({ method: "GET", path: `/orders${query}` }));
  }

  /**
   * Places an order. Repetitions have the same key, so that the API places it only once.
   *
   * @param {string} item
   * @param {number} quantity
   * @returns {Promise<Order>}
   */
  async place(item, quantity) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": randomUUID() };
    const body = JSON.stringify({ item, quantity });
    return /** @type {Order} */ (
      await this.#call({ method: "POST", path: "/orders", headers, body })
    );
  }

  /** @param {Call} call */
  async #call(call) {
    const deadline = performance.now() + this.#options.retrySeconds * 1_000;
    const token = await this.#accessToken(deadline);
    let answer = await this.#send(call, token, deadline);
    if (answer.status === 401) {
      answer = await this.#send(call, await this.#accessToken(deadline, token), deadline);
    }
    const { status, body } = answer;
    const result = jsonObject(body);
    const isSuccess = status >= 200 && status < 300;
    if (isSuccess && result) return result;
    if (isSuccess) throw new Refused("the server at API_URL is not the API; check API_URL");
    throw new Refused(refusalByApi(status, result));
  }

  /**
   * @param {Call} call
   * @param {Token} token
   * @param {number} deadline
   */
  #send({ method, path, headers, body }, token, deadline) {
    const url = this.#options.apiUrl + path;
    return this.#sendProven(
      url,
      async () => ({
        method,
        headers: {
          ...headers,
          "User-Agent": userAgent,
          Authorization: `${this.#prover ? "DPoP" : "Bearer"} ${token.value}`,
          ...(await this.#prover?.headers(method, url, token.value)),
        },
        body: body ?? null,
      }),
      { server: "the API", deadline, advice: method === "POST" ? check : again },
    );
  }

  /**
   * Sends a request, and once more if the server asks for a nonce in the proof.
   *
   * @param {string} url
   * @param {() => Promise<import("./patience.mjs").Request>} make
   * @param {Pick<import("./patience.mjs").Patience, "server" | "deadline" | "advice">} patience
   */
  async #sendProven(url, make, patience) {
    const { signal, authentication } = this.#options;
    const { certificate } = authentication;
    const send = () => sendPatiently(url, make, { ...patience, signal, certificate });
    const answer = await send();
    return this.#prover?.learn(url, answer) ? send() : answer;
  }

  /**
   * The cached token, or a new one if it expires soon or the API refused it. Parallel calls share one request for a token, and its
   * failure.
   *
   * @param {number} deadline
   * @param {Token} [refused]
   * @returns {Promise<Token>}
   */
  async #accessToken(deadline, refused) {
    const token = this.#token;
    if (token && token !== refused && performance.now() < token.renewAt) return token;
    this.#pending ??= this.#requestToken(deadline).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** @param {number} deadline */
  async #requestToken(deadline) {
    const { tokenUrl, clientId, authentication } = this.#options;
    const { status, body } = await this.#sendProven(
      tokenUrl,
      async () => {
        const { headers, form } = await this.#credentials();
        return {
          method: "POST",
          headers: {
            "User-Agent": userAgent,
            "Content-Type": "application/x-www-form-urlencoded",
            ...headers,
            ...(await this.#prover?.headers("POST", tokenUrl)),
          },
          body: new URLSearchParams({ grant_type: "client_credentials", ...form }).toString(),
        };
      },
      { server: "Keycloak", deadline, advice: again },
    );
    const {
      access_token: value,
      expires_in: seconds,
      token_type: type,
      error,
    } = jsonObject(body) ?? {};
    if (status !== 200)
      throw new Refused(refusalByKeycloak(status, error, clientId, authentication));
    if (typeof value !== "string" || !/^[A-Za-z0-9._~+/-]+=*$/.test(value)) {
      throw new Refused("the server at TOKEN_URL issues no token; check TOKEN_URL");
    }
    if (this.#prover && String(type).toLowerCase() !== "dpop") {
      throw new Refused("Keycloak issues a token that is not bound to a key; unset TOKEN_BINDING");
    }
    const isLifetime = typeof seconds === "number" && seconds >= 0 && seconds < 1e9;
    // kept until a tenth of its lifetime is left
    const renewAt = performance.now() + 900 * (isLifetime ? seconds : defaultLifetime);
    this.#token = { value, renewAt };
    return this.#token;
  }

  async #credentials() {
    const { authentication } = this.#options;
    try {
      return await authentication.credentials();
    } catch (error) {
      const { setting, advice } = authentication;
      throw new Refused(`${setting} cannot be used (${reasonOf(error)}); ${advice}`);
    }
  }
}

const userAgent = "orders-client/1.0";
const again = "try again later";
const check = "list your orders before you place this one again";

/**
 * The message for an error of Keycloak, which distinguishes unknown and suspended clients from wrong secrets only.
 *
 * @param {number} status
 * @param {unknown} error
 * @param {string} clientId
 * @param {import("./authentication.mjs").Authentication} authentication
 */
function refusalByKeycloak(status, error, clientId, { setting, advice }) {
  const refused = `Keycloak refuses ${setting} for "${clientId}" (${String(error)}): ${advice}`;
  switch (error) {
    case "invalid_client":
      if (setting !== "CLIENT_SECRET")
        return `${refused}; if all of that is right, the customer does not exist or is suspended`;
      return `Keycloak refuses CLIENT_ID "${clientId}" (invalid_client): the customer does not exist or is suspended; ask the operator of the API`;
    case "unauthorized_client":
      return refused;
    case "invalid_dpop_proof":
    case "invalid_request":
      return `Keycloak refuses the request (${error}): if your tokens are bound to a key, set TOKEN_BINDING=dpop, and check the clock of this machine`;
  }
  const code = typeof error === "string" && /^[A-Za-z0-9_-]+$/.test(error) ? `, ${error}` : "";
  return `Keycloak issues no token (HTTP ${status}${code}); check TOKEN_URL`;
}

/**
 * The message for an error of the API, with its problem details if there are any (RFC 9457).
 *
 * @param {number} status
 * @param {Record<string, unknown> | undefined} problem
 */
function refusalByApi(status, problem) {
  const details = [problem?.detail, problem?.errors].filter((member) => member !== undefined);
  const detail = details.length > 0 ? `: ${asciiJson(details)}` : "";
  switch (status) {
    case 401:
      return `the API refuses a new token${detail}; check that TOKEN_URL and API_URL belong together`;
    case 403:
      return `the API does not permit this${detail}; ask the operator of the API`;
    default:
      return `the API answers with HTTP ${status}${detail}`;
  }
}

/**
 * JSON without the characters that a terminal would obey.
 *
 * @param {unknown} value
 */
export function asciiJson(value) {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | undefined}
 */
function jsonObject(text) {
  try {
    const value = /** @type {unknown} */ (JSON.parse(text));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return /** @type {Record<string, unknown>} */ (value);
  } catch {
    return undefined;
  }
}
