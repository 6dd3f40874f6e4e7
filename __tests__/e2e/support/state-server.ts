import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * An HTTP state backend that keeps a lock until it is unlocked.
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

  /** Opens a server without a state. */
  static async open(): Promise<StateServer> {
    const server = new StateServer();
    await once(server.#server, "listening");
    return server;
  }

  /** The value for an environment's `state`, as YAML. */
  get declared(): string {
    const url = `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
    return JSON.stringify({ type: "http", address: url, lockAddress: url, unlockAddress: url });
  }

  /** Closes the server. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(from: IncomingMessage): Promise<[number, Buffer?]> {
    const chunks: Buffer[] = [];
    for await (const chunk of from) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
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
