import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { OrdersClient, Refused, Unavailable } from "./orders-client.mjs";
import { watch } from "./watch.mjs";

/** @typedef {{ status?: number, body?: object }} Answer */

/**
 * Starts a token endpoint and an API, which play their answers in order and repeat the last one.
 *
 * @param {import("node:test").TestContext} context
 * @param {{ token?: Answer[], api?: Answer[] }} answers
 */
async function serve(context, { token = [{}], api = [{}] }) {
  /** @type {string[]} */
  const requests = [];
  const server = createServer((from, to) => {
    const isToken = from.url === "/token";
    const before = requests.filter((path) => (path === "/token") === isToken).length;
    const { status = 200, body } =
      (isToken ? token : api)[before] ?? (isToken ? token : api).at(-1) ?? {};
    requests.push(from.url ?? "");
    const usual = isToken
      ? { access_token: `t${before}`, expires_in: 300 }
      : { orders: [], next: null };
    to.writeHead(status).end(JSON.stringify(body ?? usual));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const apiUrl = `http://127.0.0.1:${port}`;
  const options = {
    tokenUrl: `${apiUrl}/token`,
    apiUrl,
    clientId: "globex",
    clientSecret: "secret",
  };
  return { requests, options, client: new OrdersClient({ ...options, retrySeconds: 0 }) };
}

test("parallel calls share one request for a token, and later calls use it too", async (context) => {
  const { client, requests } = await serve(context, {});
  await Promise.all([client.list(), client.list(), client.list()]);
  await client.list();
  assert.equal(requests.filter((path) => path === "/token").length, 1);
});

test("parallel calls share the failure of a request for a token", async (context) => {
  const { client, requests } = await serve(context, { token: [{ status: 503 }] });
  const results = await Promise.allSettled([client.list(), client.list(), client.list()]);
  assert.ok(
    results.every((each) => each.status === "rejected" && each.reason instanceof Unavailable),
  );
  assert.deepEqual(requests, ["/token"]);
});

for (const [lifetime, expiresIn, seconds] of /** @type {const} */ ([
  ["of 300 seconds", 300, 270],
  ["that the server does not tell", undefined, 54],
])) {
  test(`a token with a lifetime ${lifetime} is used for 90% of it`, async (context) => {
    const body = { access_token: "abc", ...(expiresIn && { expires_in: expiresIn }) };
    const { client, requests } = await serve(context, { token: [{ body }] });
    await client.list();
    const start = performance.now();
    const now = context.mock.method(performance, "now", () => start + (seconds - 1) * 1_000);
    await client.list();
    assert.deepEqual(requests, ["/token", "/orders", "/orders"]);
    now.mock.mockImplementation(() => start + seconds * 1_000);
    await client.list();
    assert.deepEqual(requests.slice(3), ["/token", "/orders"]);
  });
}

test("a token that the API refuses is renewed once", async (context) => {
  const { client, requests } = await serve(context, {
    api: [{ status: 401 }, {}, { status: 401 }],
  });
  await client.list();
  assert.deepEqual(requests, ["/token", "/orders", "/token", "/orders"]);
  await assert.rejects(client.list(), Refused);
});

test("an aborted call ends its pause", async (context) => {
  const { options } = await serve(context, { token: [{ status: 503 }] });
  const ending = new AbortController();
  const call = new OrdersClient({ ...options, signal: ending.signal }).list();
  ending.abort();
  await assert.rejects(call, { name: "AbortError" });
});

test("watch survives any failure, and stops when it is told to", async (context) => {
  const { options } = await serve(context, {});
  const ending = new AbortController();
  /** @type {string[]} */
  const printed = [];
  context.mock.method(console, "log", (/** @type {string} */ line) => printed.push(line));
  context.mock.method(console, "error", (/** @type {string} */ line) => {
    printed.push(line);
    ending.abort();
  });
  const client = new OrdersClient(options);
  context.mock.method(client, "list", () => Promise.reject(new TypeError("odd")));
  await watch(client, 1, ending.signal);
  assert.deepEqual(printed, ["orders: odd", "placed an order: 1 × pencil", "stopped"]);
});
