import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { App } from "cdktf";
import { stringify } from "yaml";
import type { CustomerClientProps } from "../../../../constructs/customer-client.ts";
import type { RealmSettings } from "../../../../constructs/realm/realm-settings.ts";
import {
  type ExistingRealmProps,
  type ManagedRealmProps,
  RealmStack,
} from "../../../../constructs/realm-stack.ts";
import {
  adminClient,
  type Login,
  loginVariables,
} from "../../../../operations/keycloak/login/admin.ts";
import {
  type DeployerOptions,
  ensureDeployer,
} from "../../../../operations/keycloak/deployer/deployer.ts";
import { issuerOf } from "../../../../operations/keycloak/token.ts";
import {
  embeddedProvider,
  officialProvider,
  type Provider,
} from "../../../../operations/terraform/provider/provider.ts";
import { effective, plan } from "../../../../operations/terraform/plan.ts";
import { type Sources, synthesize } from "../../../../operations/terraform/synthesis/synthesize.ts";
import { runTerraform, terraformVariables } from "../../../../operations/terraform/terraform.ts";
import { projectFolder } from "../../../fixtures/project.ts";
import type { Server } from "../end-to-end.ts";

/** The providers by name. */
export const providers = { embedded: embeddedProvider, official: officialProvider };

/** Entries of customers.yaml. */
export type Customers = Record<string, CustomerClientProps>;

/** A folder in which terraform deploys one realm to one Keycloak, with one provider. */
export class Workbench {
  /** Everything that terraform printed. */
  readonly outputs: string[] = [];
  /** The folder of the synthesized declaration, the state and the plans: everything that a pipeline would leave behind. */
  readonly folder: string;
  /** An administrator of Keycloak. */
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

  /**
   * Prepares a folder. Terraform deploys as the administrator until {@link deployAs}.
   *
   * @param sources the folders of `main.ts` and of the files that it reads; by default the declaration of the tests
   */
  static async create(
    server: Server,
    provider: keyof typeof providers,
    realm = "atlas",
    sources: Sources = { folder: projectFolder },
  ): Promise<Workbench> {
    const folder = await mkdtemp(join(tmpdir(), "workbench-"));
    const login = administrator(server);
    const bench = new Workbench(folder, await adminClient(login), server, provider, realm, sources);
    await bench.deployAs(login);
    return bench;
  }

  /** Makes terraform deploy as another identity from now on. */
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
    this.#variables = this.#provider.variables;
  }

  /** Makes terraform deploy as the deployer from now on, which is created if necessary. */
  async deployAsDeployer(options?: DeployerOptions): Promise<void> {
    await this.deployAs(await deployerOf(this.#server, this.admin, this.realm, options));
  }

  /** The login of the administrator. */
  get administrator(): Login {
    return administrator(this.#server);
  }

  /** The Admin REST API as the deployer sees it. */
  async deployerClient(): Promise<KcAdminClient> {
    const options = { hasGroups: true };
    return adminClient(await deployerOf(this.#server, this.admin, this.realm, options));
  }

  /** Declares these customers in this order, and everything else as `main.ts` of the sources does. */
  async declare(customers: Customers): Promise<void> {
    const file = join(this.folder, "customers.yaml");
    await writeFile(file, stringify({ customers }, { aliasDuplicateObjects: false }));
    const variables = { ...this.#variables, CUSTOMERS_FILE: file };
    const { stacks } = await synthesize(join(this.folder, "out"), variables, this.#sources);
    await this.#initialize(stacks[0]?.folder ?? "");
  }

  /** Deploys a declaration of the test's own instead of `main.ts`. @returns the changes, see {@link plan} */
  async deploy(
    declare: (stack: RealmStack) => void,
    settings:
      | (RealmSettings & Pick<ManagedRealmProps, "authentication">)
      | Pick<ExistingRealmProps, "existing"> = {},
  ): Promise<string[]> {
    const outdir = join(this.folder, "out");
    const app = new App({ outdir });
    const props = { realm: this.realm, keycloak: this.#server, ...settings };
    declare(new RealmStack(app, "stack", props));
    app.synth();
    await this.#initialize(join(outdir, "stacks/stack"));
    return this.apply();
  }

  /** The environment variables that terraform runs with. */
  get variables(): NodeJS.ProcessEnv {
    return this.#variables;
  }

  /** Initializes terraform in the folder of a synthesized stack. */
  async #initialize(stack: string): Promise<void> {
    this.#stack = stack;
    await this.terraform(
      "init",
      "-reconfigure",
      `-backend-config=path=${join(this.folder, "terraform.tfstate")}`,
    );
  }

  /** Runs terraform, whether or not it succeeds, and keeps its output. @throws Error if `init` fails */
  async terraform(...args: string[]): Promise<{ exitCode: number | undefined; output: string }> {
    const workspace = { folder: this.#stack, variables: this.#variables };
    const { exitCode, stdout, stderr } = await runTerraform(workspace, [...args]);
    const output = `${stdout}\n${stderr}`;
    this.outputs.push(output);
    if (args[0] === "init" && exitCode !== 0) throw new Error(output);
    return { exitCode, output };
  }

  /** Plans. @returns the changes as `action address`, sorted; empty if there are none */
  async plan(): Promise<string[]> {
    const workspace = { folder: this.#stack, variables: this.#variables };
    const changes = effective(await plan(workspace, "saved.tfplan"));
    return changes.map(({ address, change }) => `${change.actions.join("+")} ${address}`).sort();
  }

  /** Applies the plan that {@link plan} saved. @throws Error if that fails */
  async applyPlanned(): Promise<void> {
    const { exitCode, output } = await this.terraform("apply", "saved.tfplan");
    if (exitCode !== 0) throw new Error(output);
  }

  /** Plans and applies. @returns the changes, see {@link plan} */
  async apply(): Promise<string[]> {
    const planned = await this.plan();
    await this.applyPlanned();
    return planned;
  }

  /** Ends the provider, and removes the folder. */
  async close(): Promise<void> {
    await this.#provider?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ends the provider, and removes the folder and the realm. */
  async clear(): Promise<void> {
    await this.close();
    const { admin, realm } = this;
    if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
  }
}

/** The login of a server's administrator. */
export function administrator({
  url,
  basePath,
  administrator: { username, password },
}: Server): Login {
  return { baseUrl: url + basePath, realm: "master", clientId: "admin-cli", username, password };
}

/** The variables with which commands work on a server, by default as its administrator. */
export function variablesFor(server: Server, login = administrator(server)): NodeJS.ProcessEnv {
  return { ...loginVariables(login), KEYCLOAK_URL: server.url };
}

/** The login of a realm's deployer, which is created if necessary. */
export async function deployerOf(
  { url, basePath }: Server,
  admin: KcAdminClient,
  realm: string,
  options?: DeployerOptions,
): Promise<Login> {
  const { clientSecret } = await ensureDeployer(admin, realm, options);
  return { baseUrl: url + basePath, realm, clientId: "deployer", clientSecret };
}
