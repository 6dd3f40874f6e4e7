import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * An HTTP state backend with a state for each path, which keeps a lock until it is unlocked.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/http
 */
export class StateServer {
  /** Called after a state is written. */
  onWrite: () => void = () => undefined;
  readonly #states = new Map<string, Buffer>();
  readonly #locks = new Map<string, Buffer>();
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

  /** The states as texts, by path. */
  get states(): ReadonlyMap<string, string> {
    return new Map([...this.#states].map(([path, state]) => [path, state.toString()]));
  }

  /** Changes the state of a path. */
  edit(path: string, change: (text: string) => string): void {
    this.#states.set(path, Buffer.from(change(this.#states.get(path)?.toString() ?? "")));
  }

  /** Locks the state of a path, as a run does that is killed then. */
  lock(path: string, id: string): void {
    this.#locks.set(path, Buffer.from(JSON.stringify({ ID: id, Who: "somebody@ci" })));
  }

  /** The paths of the states that are locked. */
  get locked(): readonly string[] {
    return [...this.#locks.keys()];
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
    const path = new URL(from.url ?? "", "http://localhost").pathname;
    const [state, lock] = [this.#states.get(path), this.#locks.get(path)];
    switch (from.method) {
      case "LOCK":
        if (lock) return [423, lock];
        this.#locks.set(path, body);
        return [200];
      case "UNLOCK":
        this.#locks.delete(path);
        return [200];
      case "POST":
        this.#states.set(path, body);
        this.onWrite();
        return [200];
      default:
        return state ? [200, state] : [404];
    }
  }
}
