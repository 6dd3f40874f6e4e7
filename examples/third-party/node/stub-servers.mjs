import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { text } from "node:stream/consumers";
import { clientSecret } from "./authentication.mjs";
import { OrdersClient } from "./orders-client.mjs";

/** @typedef {{ status?: number, body?: object, headers?: Record<string, string>, hangs?: boolean }} Answer */

/**
 * Starts a token endpoint and an API, which play their answers in order and repeat the last one.
 *
 * @param {import("node:test").TestContext} context
 * @param {{ token?: Answer[], api?: Answer[], tls?: import("node:https").ServerOptions }} answers
 */
export async function serve(context, { token = [{}], api = [{}], tls }) {
  /** @type {string[]} */
  const requests = [];
  /** @type {import("node:http").IncomingHttpHeaders[]} */
  const received = [];
  /** @type {URLSearchParams[]} the forms that the token endpoint received */
  const forms = [];
  /** @type {import("node:http").RequestListener} */
  const answer = async (from, to) => {
    const form = await text(from);
    const isToken = from.url === "/token";
    const before = requests.filter((path) => (path === "/token") === isToken).length;
    const {
      status = 200,
      body,
      headers,
      hangs,
    } = (isToken ? token : api)[before] ?? (isToken ? token : api).at(-1) ?? {};
    requests.push(from.url ?? "");
    received.push(from.headers);
    if (isToken) forms.push(new URLSearchParams(form));
    if (hangs) return;
    const usual = isToken
      ? { access_token: `t${before}`, expires_in: 300 }
      : { orders: [], next: null };
    to.writeHead(status, headers).end(JSON.stringify(body ?? usual));
  };
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const apiUrl = `http${tls ? "s://localhost" : "://127.0.0.1"}:${port}`;
  const options = {
    tokenUrl: `${apiUrl}/token`,
    apiUrl,
    clientId: "globex",
    authentication: clientSecret("globex", "secret"),
  };
  return {
    requests,
    received,
    forms,
    options,
    client: new OrdersClient({ ...options, retrySeconds: 0 }),
  };
}
