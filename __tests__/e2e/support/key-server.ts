import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";

/** A server on loopback that serves a key set, which tests may change. */
export class KeyServer {
  keys: readonly JWK[] = [];
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(tls?: { readonly cert: Buffer; readonly key: Buffer }) {
    const answer = (_request: unknown, response: { end: (body: string) => void }) => {
      response.end(JSON.stringify({ keys: this.keys }));
    };
    this.#server = tls ? createHttpsServer(tls, answer) : createHttpServer(answer);
    this.#scheme = tls ? "https" : "http";
  }

  static async start(tls?: { readonly cert: Buffer; readonly key: Buffer }): Promise<KeyServer> {
    const server = new KeyServer(tls);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `${this.#scheme}://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
