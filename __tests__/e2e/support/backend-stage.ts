import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { App } from "cdktf";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../constructs/customer-client.ts";
import { FrontendClient } from "../../../constructs/frontend-client.ts";
import { RealmStack } from "../../../constructs/realm-stack.ts";
import { deployedClient } from "../../../operations/keycloak/customer-clients.ts";
import { issuerOf, requestToken } from "../../../operations/keycloak/token.ts";
import { startBackend } from "../../../local/demo/backend.ts";
import type { DemoProcess } from "../../../local/demo/process.ts";
import { freePort } from "../../../system/ports.ts";
import type { Server } from "./end-to-end.ts";
import { addPerson } from "./people.ts";
import { signIn, type UserTokens } from "./sign-in.ts";
import { type Customers, Workbench } from "./workbench.ts";

/** The frontend's origin. */
export const frontendOrigin = "http://localhost:5173";

const who = { name: "Somebody", contact: "api@example.com" };
const reads = { ...who, access: { "atlas-api": ["orders:read"] } };
const writes = { ...who, access: { "atlas-api": ["orders:read", "orders:write"] } };
const customers = {
  acme: writes,
  globex: writes,
  reader: reads,
  elsewhere: { ...who, access: { "stock-api": ["stock:read"] } },
} satisfies Customers;

/** The backend as the demo runs it, on a realm of its own with customers of two APIs. */
export class BackendStage {
  /** Everything that the backend printed. */
  readonly lines: string[] = [];
  readonly url: string;
  readonly issuer: string;
  readonly #bench: Workbench;
  readonly #server: Server;
  readonly #port: number;
  #backend: DemoProcess | undefined;

  private constructor(bench: Workbench, server: Server, port: number, keycloak: string) {
    this.#bench = bench;
    this.#server = server;
    this.#port = port;
    this.url = `http://localhost:${port}`;
    this.issuer = issuerOf(keycloak, bench.realm);
  }

  /**
   * Deploys the realm, and starts the backend.
   *
   * @param keycloak where the backend and the customers find Keycloak
   */
  static async open(server: Server, realm: string, keycloak = server.url): Promise<BackendStage> {
    const bench = await Workbench.create(server, "embedded", realm);
    const stage = new BackendStage(bench, server, await freePort(), keycloak);
    try {
      await stage.#deploy(customers);
      await stage.start();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  /** An administrator of Keycloak. */
  get admin(): KcAdminClient {
    return this.#bench.admin;
  }

  /** The realm's name. */
  get realm(): string {
    return this.#bench.realm;
  }

  /** Suspends one of the customers. */
  async suspend(id: keyof typeof customers): Promise<void> {
    await this.#deploy({ ...customers, [id]: { ...customers[id], enabled: false } });
  }

  /** Deploys the two APIs, the frontend, and these customers. */
  async #deploy(declared: Customers): Promise<void> {
    const outdir = join(this.#bench.folder, "out");
    const app = new App({ outdir });
    const stack = new RealmStack(app, "stack", { realm: this.realm, keycloak: this.#server });
    const both = ["orders:read", "orders:write"];
    new BackendClient(stack, "atlas-api", { permissions: both });
    new BackendClient(stack, "stock-api", { permissions: ["stock:read"] });
    new FrontendClient(stack, "atlas-frontend", {
      redirectUris: [`${frontendOrigin}/`],
      access: { "atlas-api": both },
    });
    for (const [id, props] of Object.entries(declared)) new CustomerClient(stack, id, props);
    app.synth();
    await this.#bench.use(join(outdir, "stacks/stack"));
    await this.#bench.apply();
  }

  /** Starts the backend, on the data that it had. */
  async start(rateLimit = "1000000 per minute"): Promise<void> {
    this.#backend = await startBackend(
      {
        port: this.#port,
        issuer: this.issuer,
        audience: "atlas-api",
        frontendOrigin,
        dataFolder: join(this.#bench.folder, "data"),
        rateLimit,
        variables: process.env,
      },
      (_name, line) => this.lines.push(line),
    );
  }

  /** Ends the backend. */
  async stop(): Promise<void> {
    await this.#backend?.stop();
  }

  /** Asks Keycloak for a customer's token. */
  async answerTo(clientId: string): Promise<{ token: string } | { error: string }> {
    const client = await deployedClient(this.admin, this.realm, clientId);
    return requestToken({ issuer: this.issuer, clientId, clientSecret: client?.secret ?? "" });
  }

  /** A customer's token. */
  async customer(clientId: string): Promise<string> {
    const answer = await this.answerTo(clientId);
    if ("token" in answer) return answer.token;
    throw new Error(`no token for ${clientId}: ${answer.error}`);
  }

  /** A customer's token once a client scope is taken from it by hand. */
  async tokenWithout(scopeName: string, clientId: string): Promise<string> {
    const { admin, realm } = this;
    const [client] = await admin.clients.find({ realm, clientId });
    const scope = (await admin.clientScopes.find({ realm })).find(({ name }) => name === scopeName);
    const place = { realm, id: client?.id ?? "", clientScopeId: scope?.id ?? "" };
    await admin.clients.delDefaultClientScope(place);
    return this.customer(clientId);
  }

  /** A customer's token with a life of its own, in seconds. */
  async shortLivedToken(clientId: string, seconds: number): Promise<string> {
    const { admin, realm } = this;
    const [client] = await admin.clients.find({ realm, clientId });
    const attributes = { ...client?.attributes, "access.token.lifespan": String(seconds) };
    await admin.clients.update({ realm, id: client?.id ?? "" }, { ...client, attributes });
    return this.customer(clientId);
  }

  /** Adds a user who signs in at the frontend. */
  async user(username: string): Promise<UserTokens> {
    const { admin, realm, issuer } = this;
    const person = await addPerson(admin, realm, username, [username, "User"]);
    const redirectUri = `${frontendOrigin}/`;
    return signIn({ issuer, clientId: "atlas-frontend", redirectUri, ...person });
  }

  /** Calls the backend. */
  async call(path: string, token: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    return fetch(this.url + path, { ...init, headers });
  }

  /** Places an order. */
  async place(token: string, order: Readonly<Record<string, unknown>>): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return this.call("/orders", token, { method: "POST", headers, body: JSON.stringify(order) });
  }

  /** The items that a token's owner sees. */
  async items(token: string): Promise<string[]> {
    const answer = await this.call("/orders?limit=100", token);
    const { orders } = (await answer.json()) as { orders: { item: string }[] };
    return orders.map(({ item }) => item).sort();
  }

  /** Ends the backend, and removes the realm and all that was made. */
  async close(): Promise<void> {
    await this.stop();
    await this.#bench.clear();
  }
}
