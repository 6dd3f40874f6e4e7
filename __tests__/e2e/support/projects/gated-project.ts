import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { adminClient, loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import { processGroups } from "../../../../system/programs/process-groups.ts";
import { Clone, type Outcome } from "./clone.ts";
import { endToEnd, type Server } from "../end-to-end.ts";
import { programName } from "../programs.ts";
import { Gateway, type Passing } from "../../examples/support/gateway.ts";
import { administrator } from "./workbench.ts";

/** The provider for simulated faults: only one, the official one if terraform init gets it, as in production. */
const provider = endToEnd().official ? "official" : "embedded";

/** A customer's lines in customers.yaml. */
export const entry = (id: string, enabled = true) => `  ${id}:
    name: ${id}
    contact: api@${id}.example
    enabled: ${enabled}
    access:
      atlas-api: [orders:read]
`;

/** A clone that deploys its own realm through a {@link Gateway}, which can make any request fail. */
export class GatedProject {
  readonly clone: Clone;
  readonly gateway: Gateway;
  readonly realm: string;
  /** An administrator, who bypasses the gateway. */
  readonly admin: KcAdminClient;
  readonly #copy: () => Promise<Clone>;

  private constructor(
    clone: Clone,
    gateway: Gateway,
    realm: string,
    admin: KcAdminClient,
    copy: () => Promise<Clone>,
  ) {
    this.clone = clone;
    this.gateway = gateway;
    this.realm = realm;
    this.admin = admin;
    this.#copy = copy;
  }

  /**
   * Prepares a clone and a gateway.
   *
   * @param state the environment's state backend, as YAML
   * @param variables environment variables with the login of the state backend
   * @param shards the number of shards
   */
  static async create(
    server: Server,
    realm: string,
    state: string,
    variables: NodeJS.ProcessEnv = {},
    shards = 1,
  ): Promise<GatedProject> {
    const login = administrator(server);
    const gateway = await Gateway.open(server.url);
    const copy = async () => {
      const clone = await Clone.create(provider, {
        ...variables,
        ...loginVariables(login),
        KEYCLOAK_URL: gateway.url,
        REALM_ENV: "gated",
      });
      await clone.useRealm(realm);
      await writeFile(
        join(clone.folder, "environments/gated.yaml"),
        `keycloak: {url: ${gateway.url}, basePath: "${server.basePath}"}
frontend: {redirectUris: ["http://localhost:5173/"]}
state: ${state}
shards: ${shards}
`,
      );
      return clone;
    };
    return new GatedProject(await copy(), gateway, realm, await adminClient(login), copy);
  }

  /** Another clone of the same project. */
  async anotherClone(): Promise<Clone> {
    const clone = await this.#copy();
    await this.clone.copyFile("customers.yaml", clone);
    return clone;
  }

  /** The path of a file of the clone. */
  path(file: string): string {
    return join(this.clone.folder, file);
  }

  /** Commits every change of the clone. */
  async commit(): Promise<void> {
    await this.clone.git("commit", "--quiet", "--all", "--message", "change");
  }

  /** Declares another customer, and commits that. */
  async addInCommit(id: string): Promise<void> {
    await this.add(id);
    await this.commit();
  }

  /** Declares customers instead of those that are declared. */
  declare(...ids: readonly string[]): Promise<void> {
    return this.clone.edit(
      "customers.yaml",
      () => `customers:\n${ids.map((id) => entry(id)).join("")}`,
    );
  }

  /** Declares another customer. */
  add(id: string): Promise<void> {
    return this.clone.edit("customers.yaml", (text) => text + entry(id));
  }

  /** Runs `npm run deploy` without asking. */
  deploy(...args: readonly string[]): Promise<Outcome> {
    return this.clone.npm("deploy", ["--auto-approve", ...args]);
  }

  /** The client secrets in Keycloak, by client id. */
  async secrets(): Promise<Readonly<Record<string, string>>> {
    const clients = await this.admin.clients.find({ realm: this.realm });
    return Object.fromEntries(
      clients.flatMap(({ clientId = "", secret }) => (secret ? [[clientId, secret]] : [])),
    );
  }

  /** Ids and secrets of all clients in Keycloak, by client id. */
  async clients(): Promise<Readonly<Record<string, object>>> {
    const clients = await this.admin.clients.find({ realm: this.realm });
    return Object.fromEntries(
      clients.map(({ clientId = "", id, secret }) => [clientId, { id, secret }]),
    );
  }

  /** Declares another number of shards. */
  setShards(count: number): Promise<void> {
    return this.clone.edit("environments/gated.yaml", (text) =>
      text.replace(/shards: \d+/, `shards: ${count}`),
    );
  }

  /** The process groups of all programs that work in a temporary folder of this clone. */
  running(): Promise<number[]> {
    return processGroups((line) => line.includes(this.clone.temporaryFolder));
  }

  /** The process groups of terraform that apply a plan of this clone. */
  applies(): Promise<number[]> {
    return processGroups(
      (line) => line.includes(`${programName} apply`) && line.includes(this.clone.temporaryFolder),
    );
  }

  /** Kills each terraform that applies a plan of this clone. */
  async killTerraform(): Promise<void> {
    for (const group of await this.applies()) killIfRunning(group);
  }

  /** Removes everything but the realm. */
  async remove(): Promise<void> {
    await this.clone.remove();
    await this.gateway.close();
  }
}

/** Kills a process, unless it has ended meanwhile. */
function killIfRunning(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Expects that the next deploy succeeds and that no client gets a new secret. */
export async function nextDeployCompletes(
  project: GatedProject,
  before: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<void> {
  project.gateway.rules = {};
  const { exitCode, output } = await project.deploy(...args);
  expect(output).toContain("Keycloak is as declared");
  expect(exitCode).toBe(0);
  await secretsAreKept(project, before);
}

/** Expects that no client has a new secret. */
export async function secretsAreKept(
  project: GatedProject,
  before: Readonly<Record<string, string>>,
): Promise<void> {
  const after = await project.secrets();
  for (const id of Object.keys(before).filter((id) => id in after))
    expect({ id, secret: after[id] }).toEqual({ id, secret: before[id] });
}

/** A gateway's rule that acts at the first request of a kind, and forwards all requests. */
export function onFirst(
  when: (passing: Passing) => boolean,
  act: () => Promise<unknown>,
): (passing: Passing) => Promise<undefined> {
  let isDone = false;
  return async (passing) => {
    if (isDone || !when(passing)) return undefined;
    isDone = true;
    await act();
    return undefined;
  };
}

/** Recognizes requests by method and path. */
export const isWrite =
  (method: string, path: RegExp) =>
  (passing: Passing): boolean =>
    passing.method === method && path.test(passing.path);

/** Recognizes the request that creates a client. */
export const createsClient = isWrite("POST", /\/clients$/);
