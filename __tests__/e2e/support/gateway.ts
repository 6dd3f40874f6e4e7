import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What goes through a gateway. */
export interface Passing {
  readonly method: string;
  readonly path: string;
}

/**
 * What a gateway does: before it passes a request on, it may answer with a status itself; and it may act on the answer, whose status
 * it is told. The connection is lost where it throws.
 */
export interface Rules {
  readonly before?: (passing: Passing) => number | undefined | Promise<number | undefined>;
  readonly after?: (passing: Passing, status: number) => void | Promise<void>;
}

/** What stands before a Keycloak or an API in production, and fails now and then. */
export class Gateway {
  /** What it does from now on; nothing but passing on, at first. */
  rules: Rules = {};
  readonly #upstream: string;
  readonly #server = createServer((from, to) => {
    this.#pass(from, to).catch(() => to.destroy());
  });

  private constructor(upstream: string) {
    this.#upstream = upstream;
  }

  /** Opens one before the server at this address. */
  static async open(upstream: string): Promise<Gateway> {
    const gateway = new Gateway(upstream);
    gateway.#server.listen(0, "127.0.0.1");
    await once(gateway.#server, "listening");
    return gateway;
  }

  /** Its own address. */
  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes it. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
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
    for await (const part of answer) body.push(part as Buffer);
    const { statusCode = 502 } = answer;
    await this.rules.after?.(passing, statusCode);
    to.writeHead(statusCode, answer.headers).end(Buffer.concat(body));
  }
}
