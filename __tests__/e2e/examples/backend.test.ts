import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { BackendStage, frontendOrigin } from "./support/backend-stage.ts";
import { endToEnd } from "../support/end-to-end.ts";

const { root } = endToEnd();

describe("the backend, with customers and users", () => {
  let stage: BackendStage;
  let tokens: Record<"acme" | "globex" | "reader" | "ann" | "bob", string>;
  const orders: Record<string, string> = {};

  beforeAll(async () => {
    stage = await BackendStage.open(root, "backend");
    tokens = {
      acme: await stage.customer("acme"),
      globex: await stage.customer("globex"),
      reader: await stage.customer("reader"),
      ann: (await stage.user("ann")).access_token,
      bob: (await stage.user("bob")).access_token,
    };
  });
  afterAll(() => stage.close());

  test.each(["acme", "globex", "ann", "bob"] as const)("accepts an order from %s", async (name) => {
    const answer = await stage.place(tokens[name], { item: `${name}'s`, quantity: 2 });
    expect(answer.status).toBe(201);
    const order = (await answer.json()) as { id: string };
    expect(order).toMatchObject({ item: `${name}'s`, quantity: 2 });
    expect(answer.headers.get("location")).toBe(`/orders/${order.id}`);
    orders[name] = order.id;
  });

  test.each(["acme", "globex", "ann", "bob"] as const)(
    "shows %s only its own order",
    async (name) => {
      expect(await stage.items(tokens[name])).toEqual([`${name}'s`]);
      for (const [owner, id] of Object.entries(orders)) {
        const { status } = await stage.call(`/orders/${id}`, tokens[name]);
        expect({ owner, status }).toEqual({ owner, status: owner === name ? 200 : 404 });
      }
    },
  );

  test.each([
    { "x-client-id": "globex" },
    { "x-forwarded-user": "customer:globex" },
    { "x-forwarded-client-id": "globex", azp: "globex", client_id: "globex" },
    { cookie: "azp=globex; client_id=globex", from: "globex" },
  ])("ignores the headers %j when it identifies the caller", async (headers) => {
    const init = { headers: headers as Record<string, string> };
    const list = await stage.call("/orders", tokens.acme, init);
    expect(await list.json()).toMatchObject({ orders: [{ item: "acme's" }] });
    expect((await stage.call(`/orders/${orders.globex}`, tokens.acme, init)).status).toBe(404);
  });

  test.each(["owner=customer:globex", "azp=globex", "client_id=globex", "sub=globex"])(
    "refuses the query ?%s",
    async (query) => {
      const answer = await stage.call(`/orders?${query}`, tokens.acme);
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toContain("globex's");
    },
  );

  test("refuses a page before the order of another caller", async () => {
    const answer = await stage.call(`/orders?before=${orders.globex}`, tokens.acme);
    expect(answer.status).toBe(400);
  });

  test("refuses an order for another customer", async () => {
    for (const claim of [{ owner: "customer:globex" }, { client_id: "globex" }]) {
      const answer = await stage.place(tokens.acme, { item: "for globex", quantity: 1, ...claim });
      expect(answer.status).toBe(400);
    }
    expect(await stage.items(tokens.globex)).toEqual(["globex's"]);
  });

  test("publishes where apps get tokens for it", async () => {
    const answer = await fetch(`${stage.url}/.well-known/oauth-protected-resource`);
    expect(await answer.json()).toMatchObject({
      resource: stage.url,
      authorization_servers: [stage.issuer],
      scopes_supported: ["orders:read", "orders:write"],
    });
  });

  test("refuses an order without orders:write, and names the missing permission", async () => {
    const answer = await stage.place(tokens.reader, { item: "pencil", quantity: 1 });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("www-authenticate")).toMatch(
      /^Bearer realm="atlas-api", error="insufficient_scope", .*scope="orders:write", /,
    );
    expect(await stage.items(tokens.reader)).toEqual([]);
  });

  test("permits calls only from pages of the frontend's origin", async () => {
    const allowed = async (origin: string) => {
      const preflight = await fetch(`${stage.url}/orders`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type",
        },
      });
      const answer = await stage.call("/orders", tokens.ann, { headers: { origin } });
      return [preflight, answer].map(({ headers }) => headers.get("access-control-allow-origin"));
    };
    expect(await allowed(frontendOrigin)).toEqual([frontendOrigin, frontendOrigin]);
    expect(await allowed("http://localhost:5174")).toEqual([null, null]);
    expect(await allowed(`${frontendOrigin}.example.com`)).toEqual([null, null]);
  });

  test("keeps its orders across a restart", async () => {
    await stage.stop();
    await stage.start();
    expect(await stage.items(tokens.acme)).toEqual(["acme's"]);
    expect((await stage.call(`/orders/${orders.bob}`, tokens.bob)).status).toBe(200);
  });

  test("logs every call with caller, permission and result, and without its token", async () => {
    await stage.stop(); // its log is complete now
    const { length } = stage.lines;
    await stage.start();
    const path = `/orders/${randomUUID()}`;
    await stage.call(path, tokens.acme);
    await stage.place(tokens.reader, { item: "pencil", quantity: 1 });
    await stage.call("/orders", tokens.ann);
    await stage.call("/orders", "rubbish");
    const logged = () =>
      stage.lines
        .slice(length)
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ path }) => path !== "/healthz")
        .map(({ caller, permission, method, path, status }) =>
          [caller, permission, method, path, status].join(" "),
        );
    await stage.stop();
    expect(logged().sort()).toEqual(
      [
        `customer:acme orders:read GET ${path} 404`,
        "customer:reader orders:write POST /orders 403",
        `user:${decodeJwt(tokens.ann).sub} orders:read GET /orders 200`,
        " orders:read GET /orders 401",
      ].sort(),
    );
    const log = stage.lines.join("\n");
    for (const token of Object.values(tokens))
      for (const segment of token.split(".").slice(1))
        expect(log).not.toContain(segment.slice(0, 40));
  });

  test("a suspended customer gets no token", async () => {
    await stage.suspend("globex");
    expect(await stage.requestToken("globex")).toHaveProperty("error");
    expect(await stage.requestToken("acme")).toHaveProperty("token");
  });
});
