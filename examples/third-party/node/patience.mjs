import { setTimeout as sleep } from "node:timers/promises";

/** The most attempts for one request. */
const attempts = 10;

/** The longest pause between two attempts in milliseconds, unless Retry-After asks for more. */
const longestPause = 30_000;

/** The timeout of one attempt in milliseconds. */
const timeout = 15_000;

/** The HTTP statuses after which a retry may help. */
const busy = [429, 502, 503, 504];

/** The errors that occur before the request reaches the server. */
const notSent = [
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  "UND_ERR_CONNECT_TIMEOUT",
];

/** Keycloak or the API cannot be reached or accepts no more calls at the moment. The message is for users. */
export class Unavailable extends Error {}

/**
 * @typedef {object} Patience
 * @property {string} server the server's name, for messages
 * @property {number} seconds the seconds for which the request is retried
 * @property {boolean} repeatable whether sending the request twice is harmless. If not, it is retried only if it cannot have had an
 *   effect: after 429, and if no connection was made
 * @property {AbortSignal | undefined} signal aborts the request and the pauses
 */

/**
 * Sends a request, and retries it with pauses while that may help, up to both limits.
 *
 * @param {string} url
 * @param {RequestInit} request
 * @param {Patience} patience
 * @returns {Promise<Response>} the answer, after its whole body arrived
 * @throws {Unavailable} at the limits, or if a failed request may have had an effect
 */
export async function fetchPatiently(url, request, { server, seconds, repeatable, signal }) {
  const deadline = performance.now() + seconds * 1_000;
  let longest = 2_000;
  for (let attempt = 1; ; attempt += 1) {
    let why, wait, harmless;
    try {
      const answer = await fetchOnce(url, request, signal);
      if (!busy.includes(answer.status)) return answer;
      why = `${server} answers with HTTP ${answer.status}`;
      wait = retryAfter(answer);
      harmless = repeatable || answer.status === 429;
    } catch (error) {
      signal?.throwIfAborted();
      const code = codeOf(error);
      why = `${server} cannot be reached (${code})`;
      if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) throw new Unavailable(why);
      harmless = repeatable || notSent.includes(code);
    }
    if (!harmless) {
      throw new Unavailable(`${why}, but the call may have succeeded; check before you repeat it`);
    }
    // random, so that clients do not retry in step
    const pause = wait ?? (longest / 2) * (1 + Math.random());
    if (attempt === attempts || performance.now() + pause > deadline) {
      const asked = wait === undefined ? "" : `, and asks to wait ${Math.ceil(wait / 1_000)} s`;
      throw new Unavailable(`${why}${asked}; gave up at attempt ${attempt}, try again later`);
    }
    await sleep(pause, undefined, { signal });
    longest = Math.min(2 * longest, longestPause);
  }
}

/**
 * @param {string} url
 * @param {RequestInit} request
 * @param {AbortSignal | undefined} signal
 */
async function fetchOnce(url, request, signal) {
  const limit = AbortSignal.timeout(timeout);
  const answer = await fetch(url, {
    ...request,
    redirect: "manual",
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  const { status, headers } = answer;
  return new Response((await answer.text()) || null, { status, headers });
}

/**
 * The pause in milliseconds that the server asks for, as a number or a date (RFC 9110, section 10.2.3).
 *
 * @param {Response} answer
 */
function retryAfter({ headers }) {
  const value = headers.get("Retry-After") ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/**
 * The system's code of an error. `fetch` puts it into the error's cause.
 *
 * @param {unknown} error
 */
function codeOf(error) {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
