import { setTimeout as sleep } from "node:timers/promises";
import { Agent, EnvHttpProxyAgent, request } from "undici";

/** The most attempts for one request. */
const attempts = 10;

/** The longest pause between two attempts in milliseconds, unless Retry-After asks for more. */
const longestPause = 30_000;

/** The longest time of an attempt in milliseconds, and of a call after its deadline. */
const limit = 15_000;

/** Keycloak or the API cannot be reached or accepts no more calls at the moment. The message is for users. */
export class Unavailable extends Error {}

/** @typedef {{ status: number, retryAfter: string, nonce: string, challenge: string, body: string }} Answer */
/** @typedef {Pick<import("undici").Dispatcher.RequestOptions, "method" | "headers" | "body">} Request */
/** @typedef {import("./authentication.mjs").Certificate} Certificate */

/**
 * @typedef {object} Patience
 * @property {string} server the server's name, for messages
 * @property {number} deadline the time of `performance.now()` until which the request is repeated
 * @property {string} advice what to do if it never succeeds, for messages
 * @property {AbortSignal | undefined} signal aborts the request and the pauses
 * @property {Certificate | undefined} certificate the client certificate, for https
 */

/**
 * Sends a request until the answer is not 408, 429 or 5xx, with pauses until the deadline. Follows no redirects.
 *
 * @param {string} url
 * @param {() => Promise<Request>} make makes each attempt, because an assertion or a proof works once
 * @param {Patience} patience
 * @returns {Promise<Answer>}
 * @throws {Unavailable} if the next pause would last beyond the deadline
 */
export async function sendPatiently(url, make, { server, deadline, advice, signal, certificate }) {
  let backoff = 1_000;
  for (let attempt = 1; ; attempt += 1) {
    let why;
    let wait;
    const made = await make();
    try {
      const answer = await send(url, made, { deadline, signal, certificate });
      const { status } = answer;
      if (status !== 408 && status !== 429 && status < 500) return answer;
      why = `${server} answers with HTTP ${status}`;
      wait = retryAfter(answer);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = reasonOf(error);
      why = `${server} cannot be reached (${reason})`;
      if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(reason))
        throw new Unavailable(`${why}; ${advice}`);
    }
    const pause = pauseFor(backoff, wait);
    if (attempt === attempts || performance.now() + pause > deadline) {
      const asked = wait === undefined ? "" : `, and asks to wait ${Math.ceil(wait / 1_000)} s`;
      throw new Unavailable(`${why}${asked}; gave up at attempt ${attempt}; ${advice}`);
    }
    await sleep(pause, undefined, { signal });
    backoff = Math.min(2 * backoff, longestPause);
  }
}

/**
 * A pause in milliseconds: at least what the server asks for, and random, so that clients do not retry in step.
 *
 * @param {number} backoff
 * @param {number} [wait]
 */
export function pauseFor(backoff, wait = 0) {
  return Math.max(backoff, wait) + backoff * Math.random();
}

/** @type {Agent} */
const direct = new Agent();
// without this, undici uses HTTP_PROXY for https: URLs too
const onlyHttps = { httpProxy: "" };
/** @type {Map<Certificate | undefined, EnvHttpProxyAgent>} */
const proxied = new Map();

/** @param {Certificate | undefined} certificate */
function secure(certificate) {
  const tls = certificate && { connect: certificate, requestTls: certificate };
  const agent = proxied.get(certificate) ?? new EnvHttpProxyAgent({ ...onlyHttps, ...tls });
  proxied.set(certificate, agent);
  return agent;
}

/**
 * @param {string} url
 * @param {Request} options
 * @param {Pick<Patience, "deadline" | "signal" | "certificate">} patience
 * @returns {Promise<Answer>}
 */
async function send(url, options, { deadline, signal, certificate }) {
  const left = Math.min(limit, deadline + limit - performance.now());
  const time = AbortSignal.timeout(Math.max(0, Math.round(left)));
  const { statusCode, headers, body } = await request(url, {
    ...options,
    // http: URLs are always on this machine, which no proxy can reach
    dispatcher: url.startsWith("http:") ? direct : secure(certificate),
    signal: signal ? AbortSignal.any([signal, time]) : time,
  });
  return {
    status: statusCode,
    retryAfter: String(headers["retry-after"] ?? ""),
    nonce: String(headers["dpop-nonce"] ?? ""),
    challenge: String(headers["www-authenticate"] ?? ""),
    body: await body.text(),
  };
}

/**
 * The pause in milliseconds that the server asks for, as a number or a date (RFC 9110, section 10.2.3).
 *
 * @param {Answer} answer
 */
function retryAfter({ retryAfter }) {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const date = /^[A-Z][a-z]{2}, /.test(retryAfter) ? Date.parse(retryAfter) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/**
 * The system's code of an error, or its name.
 *
 * @param {unknown} error
 */
export function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
