import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { permissionsClaim } from "../../../../constructs/names/permissions-claim.ts";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import { FrontendClient } from "../../../../constructs/frontend-client.ts";
import { GroupRoles } from "../../../../constructs/group-roles.ts";
import { deployedClient } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf, requestToken } from "../../../../operations/keycloak/token.ts";
import { startBackend } from "../../../../local/demo/backend.ts";
import type { DemoProcess } from "../../../../local/demo/process.ts";
import { freePort } from "../../../../system/ports.ts";
import type { Server } from "../../support/end-to-end.ts";
import { addPerson } from "./people.ts";
import { renew, signIn, type UserTokens } from "./sign-in.ts";
import { type Customers, Workbench } from "../../support/projects/workbench.ts";

/** The origin of the frontend, whose pages may call the backend. */
export const frontendOrigin = "http://localhost:5173";

const person = { name: "Somebody", contact: "api@example.com" };
const reads = { ...person, access: { "atlas-api": ["orders:read"] } };
const writes = { ...person, access: { "atlas-api": ["orders:read", "orders:write"] } };
const customers = {
  acme: writes,
  globex: writes,
  reader: reads,
  elsewhere: { ...person, access: { "stock-api": ["stock:read"] } },
} satisfies Customers;

/** Options of {@link BackendStage.open}. */
export interface BackendStageOptions {
  /**
   * Keycloak's address for the backend and the customers.
   * @default the server's own
   */
  readonly keycloak?: string;
  /**
   * Whether the APIs have roles, for members of `/clerks`, `/managers` and `/stock clerks`.
   * @default false
   */
  readonly hasRoles?: boolean;
}

const permissions = ["orders:read", "orders:write"];
const roles = {
  "atlas-api": { clerk: ["orders:read"], manager: permissions },
  "stock-api": { clerk: ["stock:read"] },
};
const groups = {
  "/clerks": { "atlas-api": ["clerk"] },
  "/managers": { "atlas-api": ["manager"] },
  "/stock clerks": { "stock-api": ["clerk"] },
};

/** The backend as the demo runs it, with its own realm, which has customers of two APIs. */
export class BackendStage {
  /** Everything that the backend printed. */
  readonly lines: string[] = [];
  readonly url: string;
  readonly issuer: string;
  readonly #bench: Workbench;
  readonly #port: number;
  readonly #hasRoles: boolean;
  #backend: DemoProcess | undefined;

  private constructor(bench: Workbench, port: number, keycloak: string, hasRoles: boolean) {
    this.#bench = bench;
    this.#port = port;
    this.#hasRoles = hasRoles;
    this.url = `http://localhost:${port}`;
    this.issuer = issuerOf(keycloak, bench.realm);
  }

  /** Deploys the realm, and starts the backend. */
  static async open(
    server: Server,
    realm: string,
    { keycloak = server.url, hasRoles = false }: BackendStageOptions = {},
  ): Promise<BackendStage> {
    const bench = await Workbench.create(server, "embedded", realm);
    const stage = new BackendStage(bench, await freePort(), keycloak, hasRoles);
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

  /** The parameter of a refusal that names where apps find the issuer (RFC 9728, section 5.1). */
  get metadataParameter(): string {
    return `resource_metadata="${this.url}/.well-known/oauth-protected-resource"`;
  }

  /** Suspends one of the customers. */
  async suspend(id: keyof typeof customers): Promise<void> {
    await this.#deploy({ ...customers, [id]: { ...customers[id], enabled: false } });
  }

  /** Deploys the two APIs, the frontend, and these customers. */
  async #deploy(declared: Customers): Promise<void> {
    await this.#bench.deploy((stack) => {
      const apis = { "atlas-api": permissions, "stock-api": ["stock:read"] };
      for (const api of ["atlas-api", "stock-api"] as const)
        new BackendClient(stack, api, {
          permissions: apis[api],
          ...(this.#hasRoles && { roles: roles[api] }),
        });
      new FrontendClient(stack, "atlas-frontend", {
        redirectUris: [`${frontendOrigin}/`],
        access: apis,
      });
      for (const [group, access] of Object.entries(this.#hasRoles ? groups : {}))
        new GroupRoles(stack, group.slice(1), { group, access });
      for (const [id, props] of Object.entries(declared)) new CustomerClient(stack, id, props);
    });
  }

  /** Starts the backend, with the data that it had before. */
  async start(rateLimit = "1000000 per minute"): Promise<void> {
    this.#backend = await startBackend(
      {
        port: this.#port,
        issuer: this.issuer,
        audience: "atlas-api",
        frontendOrigin,
        ...(this.#hasRoles && { permissionsClaim }),
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

  /** Requests a customer's token. @returns the token, or Keycloak's error code */
  async requestToken(clientId: string): Promise<{ token: string } | { error: string }> {
    const client = await deployedClient(this.admin, this.realm, clientId);
    return requestToken({ issuer: this.issuer, clientId, clientSecret: client?.secret ?? "" });
  }

  /** A customer's token. @throws Error if Keycloak issues none */
  async customer(clientId: string): Promise<string> {
    const answer = await this.requestToken(clientId);
    if ("token" in answer) return answer.token;
    throw new Error(`no token for ${clientId}: ${answer.error}`);
  }

  /** A customer's token after the removal of one of its client scopes by hand. */
  async tokenWithout(scopeName: string, clientId: string): Promise<string> {
    const { admin, realm } = this;
    const [client] = await admin.clients.find({ realm, clientId });
    const scope = (await admin.clientScopes.find({ realm })).find(({ name }) => name === scopeName);
    const place = { realm, id: client?.id ?? "", clientScopeId: scope?.id ?? "" };
    await admin.clients.delDefaultClientScope(place);
    return this.customer(clientId);
  }

  /** A customer's token with another lifetime, in seconds. */
  async shortLivedToken(clientId: string, seconds: number): Promise<string> {
    const { admin, realm } = this;
    const [client] = await admin.clients.find({ realm, clientId });
    const attributes = { ...client?.attributes, "access.token.lifespan": String(seconds) };
    await admin.clients.update({ realm, id: client?.id ?? "" }, { ...client, attributes });
    return this.customer(clientId);
  }

  /** Adds a user, who signs in at the frontend. @returns the user's tokens */
  async user(
    username: string,
    memberOf: readonly (keyof typeof groups)[] = [],
  ): Promise<UserTokens> {
    const { admin, realm, issuer } = this;
    const person = await addPerson(admin, realm, username, [username, "User"], memberOf);
    const redirectUri = `${frontendOrigin}/`;
    return signIn({ issuer, clientId: "atlas-frontend", redirectUri, ...person });
  }

  /** Renews a user's tokens. */
  renew(tokens: UserTokens): Promise<UserTokens> {
    return renew(this.issuer, "atlas-frontend", tokens);
  }

  /** Calls the backend with a token. */
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

  /** The items of the orders that the backend lists for a token. */
  async items(token: string): Promise<string[]> {
    const answer = await this.call("/orders?limit=100", token);
    const { orders } = (await answer.json()) as { orders: { item: string }[] };
    return orders.map(({ item }) => item).sort();
  }

  /** Ends the backend, and removes the realm and all files. */
  async close(): Promise<void> {
    await this.stop();
    await this.#bench.clear();
  }
}
