import assert from "node:assert/strict";
import { test } from "node:test";
import { clientSecret } from "./authentication.mjs";
import { OrdersClient, Refused, Unavailable } from "./orders-client.mjs";
import { pauseFor } from "./patience.mjs";
import { serve } from "./stub-servers.mjs";
import { watch } from "./watch.mjs";

// first, because the process reads its proxy variables only once
for (const proxy of ["odd:proxy", "http://127.0.0.1:1"]) {
  test(`this machine is reached without the proxy ${proxy}`, async (context) => {
    const names = ["HTTP_PROXY", "HTTPS_PROXY"];
    const before = names.map((name) => /** @type {const} */ ([name, process.env[name]]));
    context.after(() => {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    });
    for (const name of names) process.env[name] = proxy;
    const { client } = await serve(context, {});
    await client.list();
  });
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

test("id and secret are form-encoded", async (context) => {
  const { received, options } = await serve(context, {});
  await new OrdersClient({ ...options, authentication: clientSecret("globex", "a:b% +ü") }).list();
  const [, encoded = ""] = received[0]?.authorization?.split(" ") ?? [];
  assert.equal(Buffer.from(encoded, "base64").toString(), "globex:a%3Ab%25+%2B%C3%BC");
});

test("each order has a key, and its repetition has the same", async (context) => {
  const { received, options } = await serve(context, { api: [{ status: 503 }, {}] });
  const client = new OrdersClient({ ...options, retrySeconds: 10 });
  await client.place("pencil", 1);
  await client.place("pencil", 1);
  const [first, repeated, second] = received.slice(1).map((each) => each["idempotency-key"]);
  assert.ok(first && second);
  assert.equal(repeated, first);
  assert.notEqual(second, first);
});

test("the advice after a failed order is to look for it", async (context) => {
  const { client } = await serve(context, { api: [{ status: 503 }] });
  await assert.rejects(client.place("pencil", 1), /list your orders before/);
});

for (const asked of ["7200", "Fri, 31 Dec 2100 23:59:59 GMT"]) {
  test(`a server that asks for a pause until ${asked} is left`, async (context) => {
    const token = [{ status: 503, headers: { "Retry-After": asked } }];
    const { options, requests } = await serve(context, { token });
    await assert.rejects(new OrdersClient(options).list(), /asks to wait/);
    assert.deepEqual(requests, ["/token"]);
  });
}

for (const [asked, least] of /** @type {const} */ ([
  [undefined, 4_000],
  [0, 4_000],
  [60_000, 60_000],
])) {
  test(`a pause is random, and at least ${least} ms if the server asks for ${asked}`, () => {
    const pauses = Array.from({ length: 100 }, () => pauseFor(4_000, asked));
    assert.ok(new Set(pauses).size > 1);
    assert.ok(pauses.every((pause) => pause >= least && pause <= least + 4_000));
  });
}

test("a server that does not answer is left after 15 seconds at most", async (context) => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  /** @type {number[]} */
  const limits = [];
  context.mock.method(AbortSignal, "timeout", (/** @type {number} */ limit) => {
    limits.push(limit);
    return timeout(50);
  });
  const { client } = await serve(context, { token: [{ hangs: true }] });
  await assert.rejects(client.list(), Unavailable);
  assert.ok(limits.length === 1 && limits.every((limit) => limit <= 15_000));
});

test("an aborted call ends its pause", async (context) => {
  const { options } = await serve(context, { token: [{ status: 503 }] });
  const ending = new AbortController();
  const call = new OrdersClient({ ...options, signal: ending.signal }).list();
  ending.abort();
  await assert.rejects(call, { name: "AbortError" });
});

test("watch survives any failure, and stops when its signal is aborted", async (context) => {
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
