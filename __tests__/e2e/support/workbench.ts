import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { stringify } from "yaml";
import type { CustomerClientProps } from "../../../constructs/customer-client.ts";
import { adminClient, type Login, loginVariables } from "../../../operations/keycloak/admin.ts";
import { ensureDeployer } from "../../../operations/keycloak/deployer.ts";
import { issuerOf } from "../../../operations/keycloak/token.ts";
import {
  embeddedProvider,
  officialProvider,
  type Provider,
} from "../../../operations/terraform/provider.ts";
import { effective, plan } from "../../../operations/terraform/plan.ts";
import { type Sources, synthesize } from "../../../operations/terraform/synthesize.ts";
import { runTerraform, terraformVariables } from "../../../operations/terraform/terraform.ts";
import type { Server } from "./end-to-end.ts";

/** The providers by name. */
export const providers = { embedded: embeddedProvider, official: officialProvider };

/** Entries of customers.yaml. */
export type Customers = Record<string, CustomerClientProps>;

/** A folder in which terraform works on one realm of one Keycloak, through one provider. */
export class Workbench {
  /** Everything that terraform printed. */
  readonly outputs: string[] = [];
  /** What is declared, the state and plans: everything that a pipeline would leave behind. */
  readonly folder: string;
  readonly admin: KcAdminClient;
  readonly issuer: string;
  readonly realm: string;
  readonly #server: Server;
  readonly #providerName: keyof typeof providers;
  readonly #sources: Sources;
  #variables: NodeJS.ProcessEnv = {};
  #provider: Provider | undefined;
  #stack = "";

  private constructor(
    folder: string,
    admin: KcAdminClient,
    server: Server,
    provider: keyof typeof providers,
    realm: string,
    sources: Sources,
  ) {
    this.#sources = sources;
    this.folder = folder;
    this.admin = admin;
    this.realm = realm;
    this.#server = server;
    this.#providerName = provider;
    this.issuer = issuerOf(server.url + server.basePath, realm);
  }

  static async create(
    server: Server,
    provider: keyof typeof providers,
    realm = "atlas",
    sources: Sources = {},
  ): Promise<Workbench> {
    const folder = await mkdtemp(join(tmpdir(), "workbench-"));
    const login = administrator(server);
    const bench = new Workbench(folder, await adminClient(login), server, provider, realm, sources);
    await bench.deployAs(login);
    return bench;
  }

  /** From here on terraform deploys as this identity. */
  async deployAs(login: Login): Promise<void> {
    await this.#provider?.stop();
    const { url, basePath } = this.#server;
    const variables = terraformVariables({
      ...process.env,
      KEYCLOAK_URL: url,
      KEYCLOAK_BASE_PATH: basePath,
      ...loginVariables(login),
    });
    this.#provider = await providers[this.#providerName](variables);
    if (!this.#provider)
      throw new Error("terraform init does not get the official provider any more");
    this.#variables = this.#provider.variables;
  }

  /** From here on terraform deploys as the deployer, which is made if need be. */
  async deployAsDeployer(): Promise<void> {
    const { clientSecret } = await ensureDeployer(this.admin, this.realm);
    const baseUrl = this.#server.url + this.#server.basePath;
    await this.deployAs({ baseUrl, realm: this.realm, clientId: "deployer", clientSecret });
  }

  /** Declares these customers, in the order given; main.ts says the rest. */
  async declare(customers: Customers): Promise<void> {
    const file = join(this.folder, "customers.yaml");
    await writeFile(file, stringify({ customers }, { aliasDuplicateObjects: false }));
    const variables = { ...this.#variables, CUSTOMERS_FILE: file };
    const { folder } = await synthesize(join(this.folder, "out"), variables, this.#sources);
    await this.use(folder);
  }

  /** Works on a stack that is synthesized already. */
  async use(stack: string): Promise<void> {
    this.#stack = stack;
    await this.terraform(
      "init",
      "-reconfigure",
      `-backend-config=path=${join(this.folder, "terraform.tfstate")}`,
    );
  }

  /** Runs terraform, whether or not it succeeds, and keeps what it prints. */
  async terraform(...args: string[]): Promise<{ exitCode: number | undefined; output: string }> {
    const workspace = { folder: this.#stack, variables: this.#variables };
    const { exitCode, stdout, stderr } = await runTerraform(workspace, [...args]);
    const output = `${stdout}\n${stderr}`;
    this.outputs.push(output);
    if (args[0] === "init" && exitCode !== 0) throw new Error(output);
    return { exitCode, output };
  }

  /** What terraform would do, as `action address`, sorted; [] for nothing. */
  async plan(): Promise<string[]> {
    const workspace = { folder: this.#stack, variables: this.#variables };
    const changes = effective(await plan(workspace, "saved.tfplan"));
    return changes.map(({ address, change }) => `${change.actions.join("+")} ${address}`).sort();
  }

  /** Applies what {@link plan} saved. */
  async applyPlanned(): Promise<void> {
    const { exitCode, output } = await this.terraform("apply", "saved.tfplan");
    if (exitCode !== 0) throw new Error(output);
  }

  /** Plans and applies; returns what the plan was. */
  async apply(): Promise<string[]> {
    const planned = await this.plan();
    await this.applyPlanned();
    return planned;
  }

  /** Removes the realm and the folder. */
  async clear(): Promise<void> {
    await this.#provider?.stop();
    const { admin, realm } = this;
    if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The administrator that run.ts made. */
export function administrator({
  url,
  basePath,
  administrator: { username, password },
}: Server): Login {
  return { baseUrl: url + basePath, realm: "master", clientId: "admin-cli", username, password };
}
