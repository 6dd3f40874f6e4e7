import { readFileSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import type { JWK } from "jose";
import type { Certificate } from "./certificates.ts";

/** A server on this machine that serves a key set over https at every path, and a proxy that leads every host to it. */
export class KeyServer {
  readonly #server: Server;
  readonly #proxy: Server;

  private constructor(server: Server, proxy: Server) {
    this.#server = server;
    this.#proxy = proxy;
  }

  /** @param proxyPort the port of the proxy */
  static async start(
    keys: readonly JWK[],
    { certificate, key }: Certificate,
    proxyPort: number,
  ): Promise<KeyServer> {
    const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
    const server = createServer(tls, (_request, response) => {
      response.end(JSON.stringify({ keys }));
    });
    const proxy = createProxy().on("connect", (_request, socket) => {
      const onward = connect((server.address() as AddressInfo).port, "localhost", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      for (const each of [socket, onward]) each.on("error", () => onward.destroy());
      // Keycloak keeps its half of an idle connection open, which would keep this process running
      onward.on("close", () => socket.destroy());
    });
    await new Promise<void>((done) => server.listen(0, "localhost", done));
    await new Promise<void>((done) => proxy.listen(proxyPort, "localhost", done));
    return new KeyServer(server, proxy);
  }

  /** Ends both. Connections of Keycloak end with it. */
  stop(): void {
    for (const each of [this.#proxy, this.#server]) each.unref().close();
  }
}
