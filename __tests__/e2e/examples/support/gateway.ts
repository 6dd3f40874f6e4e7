import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import type { Certificate } from "../../support/servers/certificates.ts";

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
  readonly #certificate: Certificate | undefined;
  readonly #server;

  private constructor(upstream: string, certificate: Certificate | undefined) {
    this.#upstream = upstream;
    this.#certificate = certificate;
    const forward = (from: IncomingMessage, to: ServerResponse) => {
      this.#forward(from, to).catch(() => to.destroy());
    };
    this.#server =
      certificate === undefined
        ? createServer(forward)
        : createTlsServer(
            {
              cert: readFileSync(certificate.certificate),
              key: readFileSync(certificate.key),
              // a caller may have a certificate of any issuer, as in the nginx.conf of the example
              ...{ requestCert: true, rejectUnauthorized: false },
            },
            forward,
          );
  }

  /**
   * Opens a gateway in front of a server.
   *
   * @param certificate its own certificate, if it speaks TLS: then it passes on the caller's in `X-Client-Certificate`
   */
  static async open(upstream: string, certificate?: Certificate): Promise<Gateway> {
    const gateway = new Gateway(upstream, certificate);
    gateway.#server.listen(0, "127.0.0.1");
    await once(gateway.#server, "listening");
    return gateway;
  }

  /** The gateway's address. */
  get url(): string {
    return `${this.#certificate ? "https" : "http"}://localhost:${(this.#server.address() as AddressInfo).port}`;
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
    const { method, socket } = from;
    const caller = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    const headers = {
      ...from.headers,
      ...(caller && { "x-client-certificate": encodeURIComponent(caller.toString()) }),
    };
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
