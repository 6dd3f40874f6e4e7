import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A place for a state, and one that keeps a lock until it is told to unlock.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/http
 */
export class StateServer {
  #state: Buffer | undefined;
  #lock: Buffer | undefined;
  readonly #server = createServer((from, to) => {
    void this.#answer(from).then(([status, body]) => to.writeHead(status).end(body));
  });

  private constructor() {
    this.#server.listen(0, "127.0.0.1");
  }

  static async open(): Promise<StateServer> {
    const server = new StateServer();
    await once(server.#server, "listening");
    return server;
  }

  /** What an environment's `state` has to be. */
  get declared(): string {
    const url = `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
    return JSON.stringify({ type: "http", address: url, lockAddress: url, unlockAddress: url });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(from: IncomingMessage): Promise<[number, Buffer?]> {
    const parts: Buffer[] = [];
    for await (const part of from) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    switch (from.method) {
      case "LOCK":
        if (this.#lock) return [423, this.#lock];
        this.#lock = body;
        return [200];
      case "UNLOCK":
        this.#lock = undefined;
        return [200];
      case "POST":
        this.#state = body;
        return [200];
      default:
        return this.#state ? [200, this.#state] : [404];
    }
  }
}
