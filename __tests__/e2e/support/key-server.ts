import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";

/** A server on this machine that serves a key set over https, at every path. */
export class KeyServer {
  keys: readonly JWK[] = [];
  readonly #server: Server;

  private constructor(tls: { readonly cert: Buffer; readonly key: Buffer }) {
    this.#server = createServer(tls, (_request, response) => {
      response.end(JSON.stringify({ keys: this.keys }));
    });
  }

  static async start(tls: { readonly cert: Buffer; readonly key: Buffer }): Promise<KeyServer> {
    const server = new KeyServer(tls);
    await new Promise<void>((done) => server.#server.listen(0, "localhost", done));
    return server;
  }

  get url(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
