import { once } from "node:events";
import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { type Renewal, keepTokens } from "../src/session/kept-tokens.ts";
import { createClient } from "../src/session/oidc.ts";
import { openPage } from "./support/page.ts";

const closings: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const close of closings.splice(0)) close();
});

/** Tokens at a token endpoint that the test answers for. */
async function tokensAt(answer: (response: ServerResponse) => void, refreshToken = "refresh") {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    answer(response);
  }).listen(0, "127.0.0.1");
  closings.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const metadata = { token_endpoint: `${url}/token` };
  openPage(url);
  const client = createClient(
    {
      ...{ url, realm: "atlas", clientId: "app", redirectUri: url },
      ...{ postLogoutRedirectUri: "", permissionsClaim: "" },
    },
    metadata,
  );
  const renewals: Renewal[] = [];
  const tokens = keepTokens(
    client,
    {
      ...{ accessToken: "first", refreshToken, idToken: "", scope: "openid" },
      claims: { sub: "dana", iss: url, aud: "app", exp: 0, iat: 0 },
      ...{ lifetime: 60, expiresAt: 0 },
    },
    (renewal) => renewals.push(renewal),
  );
  return { tokens, renewals, requests: () => requests };
}

const json = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));

test.each([
  ["no answer begins", () => undefined],
  [
    "an answer does not end",
    (response: ServerResponse) =>
      response.writeHead(200, { "Content-Type": "application/json" }).write("{"),
  ],
])("gives up after a while if %s, and asks again", async (_, hang) => {
  let hangs = true;
  const { tokens, renewals, requests } = await tokensAt((response) => {
    if (hangs) hang(response);
    else json(response, 200, { access_token: "second", token_type: "Bearer", expires_in: 300 });
  });
  vi.useFakeTimers();
  const [lost, same] = [tokens.renew(), tokens.renew()];
  await vi.waitUntil(() => requests() === 1, { timeout: 30_000 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect([await lost, await same]).toEqual(["unreachable", "unreachable"]);

  hangs = false;
  expect(await tokens.renew()).toBe("fresh");
  expect(requests()).toBe(2);
  expect(tokens.current().accessToken).toBe("second");
  expect(renewals).toEqual(["unreachable", "fresh"]);
});

test("takes the scope from the answer, and does not look into the access token", async () => {
  const answer = { access_token: "opaque", token_type: "Bearer", scope: "openid orders:read" };
  const { tokens } = await tokensAt((response) => json(response, 200, answer));
  await tokens.renew();
  expect(tokens.current()).toMatchObject({ accessToken: "opaque", scope: "openid orders:read" });
  expect(tokens.current().lifetime).toBeGreaterThan(0);
});

test.each([
  [400, { error: "invalid_grant" }, "ended"],
  [401, { error: "invalid_client" }, "ended"],
  [400, { error: "temporarily_unavailable" }, "unreachable"],
  [403, { error: "access_denied" }, "ended"],
  [404, {}, "ended"],
  [400, { error_description: "(503)" }, "ended"],
  [500, { error: "unknown_error" }, "unreachable"],
  [429, {}, "unreachable"],
  [503, {}, "unreachable"],
])("takes status %i with %j for %s", async (status, body, renewal) => {
  const { tokens } = await tokensAt((response) => json(response, status, body));
  expect(await tokens.renew()).toBe(renewal);
});

test.each([
  [403, "ended"],
  [503, "unreachable"],
  [200, "ended"],
])("takes a proxy's page with status %i for %s", async (status, renewal) => {
  const { tokens } = await tokensAt((response) =>
    response.writeHead(status, { "Content-Type": "text/html" }).end("<h1>No</h1>"),
  );
  expect(await tokens.renew()).toBe(renewal);
});

test("ends a session without a refresh token, and asks nobody", async () => {
  const { tokens, requests } = await tokensAt((response) => json(response, 200, {}), "");
  expect(await tokens.renew()).toBe("ended");
  expect(requests()).toBe(0);
});

test("ignores an answer after the tokens were dropped", async () => {
  const { tokens, renewals } = await tokensAt((response) => {
    tokens.drop();
    json(response, 200, { access_token: "second", token_type: "Bearer" });
  });
  expect(await tokens.renew()).toBe("ended");
  expect(renewals).toEqual([]);
});
