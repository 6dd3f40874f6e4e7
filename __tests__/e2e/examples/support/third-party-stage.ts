import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import { publicKey } from "../../../../configuration/customers/keys/public-keys.ts";
import { deployedClient } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf, tokenEndpoint } from "../../../../operations/keycloak/token.ts";
import { startBackend } from "../../../../local/demo/backend.ts";
import type { DemoProcess } from "../../../../local/demo/process.ts";
import { freePort } from "../../../../system/ports.ts";
import type { Server } from "../../support/end-to-end.ts";
import { Gateway, type Passing, type Rules } from "./gateway.ts";
import type { Settings } from "./third-party-clients.ts";
import { type Customers, Workbench } from "../../support/projects/workbench.ts";

const person = { name: "Somebody", contact: "api@example.com" };
const permissions = ["orders:read", "orders:write"];
const writes = { ...person, access: { "atlas-api": permissions } };
const signing = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const jwk = publicKey(signing.publicKey);
const customers = {
  acme: { ...person, access: { "atlas-api": ["orders:read"] } },
  globex: writes,
  hooli: writes,
  initech: { ...writes, enabled: false },
  signed: { ...writes, auth: { method: "private_key_jwt", jwks: [jwk] } },
  bound: { ...writes, auth: { method: "private_key_jwt", jwks: [jwk] }, tokenBinding: "dpop" },
} satisfies Customers;

/** Keycloak and the API as a third party sees them, each behind a {@link Gateway}, with credentials of customers. */
export class ThirdPartyStage {
  /** The requests that passed the gateways: `token`, or the method and path of a call with the answer's status. */
  readonly seen: string[] = [];
  /** The client secrets that were handed out. */
  readonly secrets: string[] = [];
  readonly #bench: Workbench;
  readonly #keycloak: Gateway;
  readonly #issuer: string;
  readonly #apis: { readonly gateway: Gateway; readonly backend: DemoProcess }[] = [];

  private constructor(bench: Workbench, server: Server, keycloak: Gateway) {
    this.#bench = bench;
    this.#keycloak = keycloak;
    this.#issuer = issuerOf(keycloak.url + server.basePath, bench.realm);
  }

  /** Deploys the realm, and starts the backend. */
  static async open(server: Server, realm: string): Promise<ThirdPartyStage> {
    const bench = await Workbench.create(server, "embedded", realm);
    const stage = new ThirdPartyStage(bench, server, await Gateway.open(server.url));
    try {
      await stage.#deploy();
      await stage.addApi();
      stage.reset();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  async #deploy(): Promise<void> {
    await this.#bench.deploy((stack) => {
      new BackendClient(stack, "atlas-api", { permissions });
      for (const [id, props] of Object.entries(customers)) new CustomerClient(stack, id, props);
    });
  }

  /** Starts another backend behind a gateway of its own. @returns the gateway's address */
  async addApi(rateLimit = "100000 per minute"): Promise<string> {
    const port = await freePort();
    const dataFolder = join(this.#bench.folder, `data-${port}`);
    const options = { port, issuer: this.#issuer, audience: "atlas-api", dataFolder, rateLimit };
    const gateway = await Gateway.open(`http://127.0.0.1:${port}`);
    gateway.rules = this.#watched({});
    const backend = await startBackend(
      {
        ...options,
        url: gateway.url,
        frontendOrigin: "http://localhost:5173",
        variables: process.env,
      },
      () => undefined,
    );
    this.#apis.push({ gateway, backend });
    return gateway.url;
  }

  /** Clears what was seen, and sets the gateways' rules. Without rules they forward everything. */
  reset(keycloak: Rules = {}, api: Rules = {}): void {
    this.seen.length = 0;
    this.#keycloak.rules = {
      ...keycloak,
      before: async (passing) => {
        if (passing.method !== "POST") return undefined;
        this.seen.push("token");
        return keycloak.before?.(passing);
      },
    };
    for (const { gateway } of this.#apis) gateway.rules = this.#watched(api);
  }

  #watched({ before, after }: Rules): Rules {
    const saw = ({ method, path }: Passing, status: number) =>
      this.seen.push(`${method} ${path} ${status}`);
    return {
      before: async (passing) => {
        const status = await before?.(passing);
        if (status !== undefined) saw(passing, status);
        return status;
      },
      after: async (passing, status) => {
        saw(passing, status);
        await after?.(passing, status);
      },
    };
  }

  /** An administrator of Keycloak. */
  get admin(): KcAdminClient {
    return this.#bench.admin;
  }

  /** The settings of a customer's app. */
  async settings(clientId: keyof typeof customers): Promise<Settings> {
    const client = await deployedClient(this.admin, this.#bench.realm, clientId);
    const secret = client?.secret ?? "";
    this.secrets.push(secret);
    return {
      TOKEN_URL: tokenEndpoint(this.#issuer),
      CLIENT_ID: clientId,
      CLIENT_SECRET: secret,
      API_URL: this.#apis[0]?.gateway.url ?? "",
    };
  }

  /** The settings of an app that signs assertions, by default with the customer's own key. */
  async signedSettings(clientId: "signed" | "bound", key = signing.privateKey): Promise<Settings> {
    const PRIVATE_KEY_FILE = join(this.#bench.folder, "key.pem");
    await writeFile(PRIVATE_KEY_FILE, key);
    return {
      ...(await this.settings(clientId)),
      CLIENT_SECRET: "",
      AUTH_METHOD: "private_key_jwt",
      PRIVATE_KEY_FILE,
      KEY_ID: jwk.kid,
    };
  }

  /** Changes a customer's client in Keycloak without changing its declaration. */
  async change(clientId: keyof typeof customers, change: ClientRepresentation): Promise<void> {
    const { realm } = this.#bench;
    const [client] = await this.admin.clients.find({ realm, clientId });
    const attributes = { ...client?.attributes, ...change.attributes };
    const place = { realm, id: client?.id ?? "" };
    await this.admin.clients.update(place, { ...client, ...change, attributes });
  }

  /** Ends everything, and removes the realm and all files. */
  async close(): Promise<void> {
    await Promise.all(
      this.#apis.flatMap(({ gateway, backend }) => [gateway.close(), backend.stop()]),
    );
    await this.#keycloak.close();
    await this.#bench.clear();
  }
}
