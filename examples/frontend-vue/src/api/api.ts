import { type InjectionKey, inject } from "vue";
import type { Session } from "../session/session.ts";
import { ApiProblem, problemOf } from "./problem.ts";

/** Calls the API as the signed-in user. Resolves to the answer's JSON, rejects with {@link ApiProblem}. */
export type Api = (method: "GET" | "POST", path: string, content?: Content) => Promise<unknown>;

/** What a POST request sends. */
export interface Content {
  readonly body: unknown;
  /** Names the request, so that the API carries out its repetitions only once. */
  readonly idempotencyKey: string;
}

/** Creates a function that calls the API with the session's access token (RFC 6750, section 2.1). */
export function createApi(url: string, session: Pick<Session, "accessToken">): Api {
  return async (method, path, content) => {
    const send = async (renewed: boolean): Promise<Response> =>
      answerOf(`${url}${path}`, method, await tokenOf(session, renewed), content);

    let answer = await send(false);
    // The token may have expired on its way, or its signing key was withdrawn. Try once with a new token.
    if (answer.status === 401) answer = await send(true);
    if (!answer.ok) throw await problemOf(answer);
    try {
      const json: unknown = await answer.json();
      return json;
    } catch {
      throw new ApiProblem("unexpected", "The answer is not JSON.");
    }
  };
}

async function tokenOf(session: Pick<Session, "accessToken">, renewed: boolean): Promise<string> {
  const result = await session.accessToken({ renewed });
  if ("token" in result) return result.token;
  throw new ApiProblem(result.missing === "unreachable" ? "sign-in unavailable" : "session ended");
}

async function answerOf(url: string, method: string, token: string, content?: Content) {
  const headers = {
    Accept: "application/json, application/problem+json",
    Authorization: `Bearer ${token}`,
  };
  const sent = content && {
    headers: {
      ...headers,
      "Content-Type": "application/json",
      "Idempotency-Key": content.idempotencyKey,
    },
    body: JSON.stringify(content.body),
  };
  try {
    return await fetch(url, {
      ...(sent ?? { headers }),
      method,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    throw new ApiProblem("unreachable");
  }
}

/** The key that provides the API to components. */
export const apiKey: InjectionKey<Api> = Symbol("api");

/** The API, in a component. */
export function useApi(): Api {
  const api = inject(apiKey);
  if (api === undefined) throw new Error("no API is provided");
  return api;
}
