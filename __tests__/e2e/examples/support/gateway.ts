import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that goes through a gateway. */
export interface Passing {
  readonly method: string;
  readonly path: string;
}

/** What a gateway does in addition to forwarding. If a rule throws, the connection is closed. */
export interface Rules {
  /** Called before a request is forwarded. If it returns a status, the gateway answers with that status instead. */
  readonly before?: (passing: Passing) => number | undefined | Promise<number | undefined>;
  /** Called before the answer is returned, with the answer's status. */
  readonly after?: (passing: Passing, status: number) => void | Promise<void>;
}

/** A reverse proxy in front of a Keycloak or an API, which can fail. */
export class Gateway {
  /** The rules from now on. */
  rules: Rules = {};
  readonly #upstream: string;
  readonly #server = createServer((from, to) => {
    this.#forward(from, to).catch(() => to.destroy());
  });

  private constructor(upstream: string) {
    this.#upstream = upstream;
  }

  /** Opens a gateway in front of a server. */
  static async open(upstream: string): Promise<Gateway> {
    const gateway = new Gateway(upstream);
    gateway.#server.listen(0, "127.0.0.1");
    await once(gateway.#server, "listening");
    return gateway;
  }

  /** The gateway's address. */
  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes the gateway and its connections. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #forward(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const passing = { method: from.method ?? "", path: from.url ?? "" };
    const status = await this.rules.before?.(passing);
    if (status !== undefined) {
      from.resume();
      to.writeHead(status).end();
      return;
    }
    const { method, headers } = from;
    const onward = request(this.#upstream + passing.path, { method, headers });
    from.pipe(onward);
    const [answer] = (await once(onward, "response")) as [IncomingMessage];
    const body: Buffer[] = [];
    for await (const chunk of answer) body.push(chunk as Buffer);
    const { statusCode = 502 } = answer;
    await this.rules.after?.(passing, statusCode);
    to.writeHead(statusCode, answer.headers).end(Buffer.concat(body));
  }
}
