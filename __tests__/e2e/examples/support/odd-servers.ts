import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** An answer of an odd server. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** What happens instead of a normal answer. `drips`: it comes a byte a second, without an end. */
  readonly how?: "is lost" | "never comes" | "drips its headers" | "drips its body";
}

/** A request that a server received. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly secret: string;
  readonly bearer: string;
  readonly key: string;
  readonly body: string;
}

/** A token endpoint and an API on one port, which play their answers in order. The last one repeats. It is also a proxy that refuses. */
export class OddServers {
  readonly tokenRequests: Received[] = [];
  readonly calls: Received[] = [];
  /** The addresses that it was asked for as a proxy. */
  readonly proxied: string[] = [];
  readonly #server = createServer((from, to) => {
    void this.#answer(from, to);
  }).on("connect", (from: IncomingMessage, socket: Socket) => {
    this.proxied.push(from.url ?? "");
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  readonly #answers: { readonly token: readonly Answer[]; readonly api: readonly Answer[] };

  private constructor(token: readonly Answer[], api: readonly Answer[]) {
    this.#answers = { token, api };
  }

  /** Opens the servers. */
  static async open(token: readonly Answer[], api: readonly Answer[]): Promise<OddServers> {
    const servers = new OddServers(token, api);
    servers.#server.listen(0, "127.0.0.1");
    await once(servers.#server, "listening");
    return servers;
  }

  /** The address of both, to which `/token` and `/orders` are added. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes the servers and their connections. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of from) chunks.push(chunk as Buffer);
    if (from.url?.startsWith("http:")) {
      this.proxied.push(from.url);
      to.writeHead(403).end();
      return;
    }
    const isToken = from.url === "/token";
    const seen = isToken ? this.tokenRequests : this.calls;
    const answers = isToken ? this.#answers.token : this.#answers.api;
    const {
      status = 200,
      headers,
      body = "",
      how,
    } = answers[Math.min(seen.length, answers.length - 1)] ?? {};
    seen.push(received(from, Buffer.concat(chunks).toString()));
    if (how === "is lost") from.socket.destroy();
    else if (how === "drips its headers") await drip(from.socket, "HTTP/1.1 200 OK\r\nX-Slow: ");
    else if (how === "drips its body")
      await drip(from.socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
    else if (how === undefined) to.writeHead(status, headers).end(body);
  }
}

async function drip(socket: Socket, start: string): Promise<void> {
  socket.on("error", () => undefined).write(start);
  while (!socket.destroyed) {
    socket.write(" ");
    await sleep(1_000, undefined, { ref: false });
  }
}

function received(from: IncomingMessage, body: string): Received {
  const { authorization = "", "idempotency-key": key } = from.headers;
  const [scheme, value = ""] = authorization.split(" ");
  // RFC 6749, section 2.3.1
  const [id = "", secret = ""] = Buffer.from(scheme === "Basic" ? value : "", "base64")
    .toString()
    .split(":")
    .map((part) => new URLSearchParams(`=${part}`).get("") ?? "");
  return {
    ...{ method: from.method ?? "", path: from.url ?? "", id, secret, body },
    bearer: scheme === "Bearer" ? value : "",
    key: String(key ?? ""),
  };
}
