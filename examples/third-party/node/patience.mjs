import { setTimeout as sleep } from "node:timers/promises";

/** How often one request is sent, at most. */
const attempts = 10;

/** Milliseconds between two attempts, at most, where the other side asks for no longer pause. */
const longestPause = 30_000;

/** Milliseconds until a request is given up. */
const timeout = 15_000;

/** Answers after which another attempt may help. */
const busy = [429, 502, 503, 504];

/** Failures before anything has reached the other side. */
const notSent = [
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  "UND_ERR_CONNECT_TIMEOUT",
];

/** Keycloak or the API cannot be reached, or wants no more calls now, in words for people. */
export class Unavailable extends Error {}

/**
 * @typedef {object} Patience
 * @property {string} who whom the request is for, in words
 * @property {number} seconds how long it may be sent again
 * @property {boolean} repeatable whether it does no harm to send it twice. If not, it is sent again only where it is known to have
 *   had no effect: after 429, and where no connection came about
 * @property {AbortSignal | undefined} signal ends request and waiting
 */

/**
 * Fetches, and sends the request again while that may help, with pauses, up to both limits.
 *
 * @param {string} url
 * @param {RequestInit} request
 * @param {Patience} patience
 * @returns {Promise<Response>} an answer that came whole
 * @throws {Unavailable} at the limits, and where the request may have had an effect
 */
export async function fetchPatiently(url, request, { who, seconds, repeatable, signal }) {
  const deadline = performance.now() + seconds * 1_000;
  let longest = 2_000;
  for (let attempt = 1; ; attempt += 1) {
    let why, wait, harmless;
    try {
      const answer = await fetchOnce(url, request, signal);
      if (!busy.includes(answer.status)) return answer;
      why = `${who} answers with HTTP ${answer.status}`;
      wait = retryAfter(answer);
      harmless = repeatable || answer.status === 429;
    } catch (error) {
      signal?.throwIfAborted();
      const code = codeOf(error);
      why = `${who} cannot be reached (${code})`;
      if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) throw new Unavailable(why);
      harmless = repeatable || notSent.includes(code);
    }
    if (!harmless) {
      throw new Unavailable(`${why}, and may have done it all the same; look before you repeat it`);
    }
    // random, so that not everybody is back at once
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
 * Milliseconds, from a number or a date (RFC 9110, section 10.2.3).
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
 * What the system calls a failure: fetch tells it in its error's cause.
 *
 * @param {unknown} error
 */
function codeOf(error) {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
