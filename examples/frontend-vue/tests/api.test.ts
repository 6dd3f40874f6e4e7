import { afterEach, expect, test, vi } from "vitest";
import { createApi } from "../src/api/api.ts";
import type { AccessToken } from "../src/session/kept-tokens.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** An API that gives these answers, one after the other, and records the requests. */
function apiThatAnswers(...answers: readonly Response[]) {
  const requests: Request[] = [];
  const left = [...answers];
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    requests.push(new Request(address, init));
    const answer = left.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("Failed to fetch"));
  });
  const accessToken = ({ renewed = false } = {}): Promise<AccessToken> =>
    Promise.resolve({ token: renewed ? "second" : "first" });
  const headers = (name: string) => requests.map((request) => request.headers.get(name));
  return { api: createApi("https://api.example", { accessToken }), requests, headers };
}
const refusal = () => new Response(null, { status: 401 });
const order = { body: { item: "Desk" }, idempotencyKey: "one" };

test("calls the API with the token", async () => {
  const { api, requests, headers } = apiThatAnswers(Response.json({ orders: [] }));
  expect(await api("GET", "/orders")).toEqual({ orders: [] });
  expect(requests[0]).toMatchObject({ method: "GET", url: "https://api.example/orders" });
  expect(headers("Authorization")).toEqual(["Bearer first"]);
  expect(headers("Idempotency-Key")).toEqual([null]);
});

test("sends a refused order once more, with a new token and the same key", async () => {
  const { api, requests, headers } = apiThatAnswers(refusal(), Response.json({ id: "1" }));
  expect(await api("POST", "/orders", order)).toEqual({ id: "1" });
  expect(headers("Authorization")).toEqual(["Bearer first", "Bearer second"]);
  expect(headers("Idempotency-Key")).toEqual(["one", "one"]);
  expect(await Promise.all(requests.map((request) => request.json()))).toEqual([
    order.body,
    order.body,
  ]);
});

test("does not send a call a third time", async () => {
  const { api, requests } = apiThatAnswers(refusal(), refusal(), Response.json({}));
  await expect(api("GET", "/orders")).rejects.toMatchObject({ kind: "token rejected" });
  expect(requests).toHaveLength(2);
});

test.each([
  ["unreachable", "sign-in unavailable"],
  ["ended", "session ended"],
] as const)("sends nothing without a token: %s", async (missing, kind) => {
  const { requests } = apiThatAnswers();
  const api = createApi("https://api.example", { accessToken: () => Promise.resolve({ missing }) });
  await expect(api("GET", "/orders")).rejects.toMatchObject({ kind });
  expect(requests).toEqual([]);
});

const problem = (status: number, body: unknown, headers: HeadersInit = {}) =>
  Response.json(body, { status, headers });

test.each([
  ["a lost answer", [], { kind: "unreachable" }],
  ["a gateway without the API", [problem(503, {})], { kind: "unreachable" }],
  [
    "too many calls",
    [problem(429, { title: "Slow down" }, { "Retry-After": "7" })],
    { kind: "rate limited", message: "Slow down", retryAfter: 7 },
  ],
  ["a missing role", [problem(403, { missing: "role" })], { kind: "forbidden", missing: "role" }],
  ["a missing scope", [problem(403, {})], { kind: "forbidden", missing: "scope" }],
  [
    "an invalid field",
    [problem(422, { errors: [{ pointer: "#/item", detail: "Too long" }] })],
    { kind: "invalid", fields: new Map([["item", "Too long"]]) },
  ],
  ["an answer that is not JSON", [new Response("<h1>Hi</h1>")], { kind: "unexpected" }],
])("names %s", async (_, answers, expected) => {
  const { api } = apiThatAnswers(...answers);
  await expect(api("GET", "/orders")).rejects.toMatchObject(expected);
});
