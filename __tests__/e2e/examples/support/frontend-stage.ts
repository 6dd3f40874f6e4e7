import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { permissionsClaim } from "../../../../constructs/names/permissions-claim.ts";
import { startBackend } from "../../../../local/demo/backend.ts";
import { startFrontend } from "../../../../local/demo/frontend.ts";
import type { DemoProcess } from "../../../../local/demo/process.ts";
import { freePort } from "../../../../system/ports.ts";
import { Clone } from "../../support/projects/clone.ts";
import type { Server } from "../../support/end-to-end.ts";
import { addPerson, type Person } from "./people.ts";
import { Workbench } from "../../support/projects/workbench.ts";

const roleDeclarations = `
new GroupRoles(atlas, "clerks", { group: "/clerks", access: { "atlas-api": ["clerk"] } });
new GroupRoles(atlas, "managers", { group: "/managers", access: { "atlas-api": ["manager"] } });
`;

/** Adds roles, and the groups `/clerks` and `/managers` that have them, to the `main.ts` of the tests. */
const withRoles = (main: string) =>
  main
    .replace(
      /new BackendClient\(atlas, "atlas-api", \{/,
      '$& roles: { clerk: ["orders:read"], manager: ["orders:read", "orders:write"] },',
    )
    .replace(/(?=const customers)/, roleDeclarations)
    .replace(
      /^import .*realm-stack.*$/m,
      '$&\nimport { GroupRoles } from "./constructs/group-roles.ts";',
    );

/** Options of a {@link FrontendStage}. */
export interface FrontendStageOptions {
  /**
   * Whether the API has roles, for members of `/clerks` and `/managers`.
   * @default false
   */
  readonly hasRoles?: boolean;
  /**
   * The path to which Keycloak sends people after signing out; empty if the environment has no such address.
   * @default the frontend's address, which the environment does not repeat
   */
  readonly signedOutPath?: string;
}

/** Frontend and backend as the demo runs them, with their own realm, which `main.ts` declares. */
export class FrontendStage {
  /** Everything that the two printed. */
  readonly lines: string[] = [];
  /** The frontend's address. */
  readonly url: string;
  readonly #bench: Workbench;
  readonly #clone: Clone;
  readonly #backendPort: number;
  readonly #options: FrontendStageOptions;
  #backend: DemoProcess | undefined;
  #frontend: DemoProcess | undefined;

  private constructor(
    bench: Workbench,
    clone: Clone,
    frontendPort: number,
    backendPort: number,
    options: FrontendStageOptions,
  ) {
    this.#bench = bench;
    this.#clone = clone;
    this.url = `http://localhost:${frontendPort}/`;
    this.#backendPort = backendPort;
    this.#options = options;
  }

  /** Deploys the realm, and starts backend and frontend. */
  static async open(
    server: Server,
    realm: string,
    options: FrontendStageOptions = {},
  ): Promise<FrontendStage> {
    const [frontendPort, backendPort] = [await freePort(), await freePort()];
    const clone = await Clone.create("embedded", {});
    await clone.useRealm(realm);
    if (options.hasRoles) await clone.edit("main.ts", withRoles);
    const bench = await Workbench.create(server, "embedded", realm, { folder: clone.folder });
    const stage = new FrontendStage(bench, clone, frontendPort, backendPort, options);
    try {
      await stage.#registerAddresses();
      await bench.declare({});
      await bench.apply();
      await stage.startBackend();
      await stage.#startFrontend(server.url + server.basePath);
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

  /** Adds a user to the realm, as a member of the groups with these paths. */
  addUser(
    username: string,
    firstName: string,
    lastName: string,
    ...groups: readonly string[]
  ): Promise<Person> {
    return addPerson(this.admin, this.realm, username, [firstName, lastName], groups);
  }

  /** Uses a refresh token of the frontend. @returns Keycloak's answer */
  async useRefreshToken(token: string): Promise<{ status: number; error: string | undefined }> {
    const form = { grant_type: "refresh_token", client_id: "atlas-frontend", refresh_token: token };
    const url = `${this.#bench.issuer}/protocol/openid-connect/token`;
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
    const { error } = (await answer.json()) as { error?: string };
    return { status: answer.status, error };
  }

  async #registerAddresses(): Promise<void> {
    const after = this.#signedOutAddress;
    const list = `postLogoutRedirectUris: [${after ?? ""}]`;
    await this.#clone.edit("environments/local.yaml", (text) =>
      text.replace(
        "[http://localhost:5173/]",
        `[${this.url}]${after === undefined ? "" : `\n  ${list}`}`,
      ),
    );
  }

  /** The address after signing out; undefined for the default. */
  get #signedOutAddress(): string | undefined {
    const { signedOutPath: path } = this.#options;
    return path === undefined || path === "" ? path : new URL(path, this.url).href;
  }

  /** Starts the backend, with the data that it had before. */
  async startBackend(): Promise<void> {
    this.#backend = await startBackend(
      {
        port: this.#backendPort,
        issuer: this.#bench.issuer,
        audience: "atlas-api",
        frontendOrigin: new URL(this.url).origin,
        ...this.#roleSettings,
        dataFolder: join(this.#bench.folder, "orders"),
        variables: process.env,
      },
      this.#log,
    );
  }

  /** Stops the backend. */
  async stopBackend(): Promise<void> {
    await this.#backend?.stop();
  }

  async #startFrontend(keycloakUrl: string): Promise<void> {
    const after = this.#signedOutAddress;
    this.#frontend = await startFrontend(
      {
        url: new URL(this.url),
        keycloakUrl,
        realm: this.realm,
        clientId: "atlas-frontend",
        apiUrl: `http://localhost:${this.#backendPort}`,
        ...this.#roleSettings,
        ...(after === undefined ? {} : { postLogoutRedirectUri: after }),
        pageFolder: join(this.#bench.folder, "page"),
        variables: process.env,
      },
      this.#log,
    );
  }

  get #roleSettings() {
    return this.#options.hasRoles ? { permissionsClaim } : {};
  }

  readonly #log = (name: string, line: string): void => {
    this.lines.push(`${name}: ${line}`);
  };

  /** Ends frontend and backend, and removes the realm and all files. */
  async close(): Promise<void> {
    await Promise.all([this.#frontend?.stop(), this.#backend?.stop()]);
    await this.#bench.clear();
    await this.#clone.remove();
  }
}
