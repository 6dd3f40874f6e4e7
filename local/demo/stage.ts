import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { deployedClient } from "../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf, tokenEndpoint } from "../../operations/keycloak/token.ts";
import { permissionsClaim } from "../../constructs/names/permissions-claim.ts";
import { UnavailableError } from "../../text/errors.ts";
import { firstFreePort } from "../../system/ports.ts";
import type { Started } from "../start.ts";
import { startBackend } from "./backend.ts";
import type { CredentialFiles } from "./credential-files.ts";
import { startFrontend } from "./frontend.ts";
import type { DemoProcess, Log } from "./process.ts";
import { type Participants, participantsIn, peopleIn, type PersonRole } from "./participants.ts";
import type { DemoPeople, DemoPerson } from "./people.ts";
import { demoFolder } from "./leftovers.ts";
import { type AppVariables, startThirdParty } from "./third-party.ts";

const backendPorts = { first: 5000, last: 5019 };

/** The running demo. */
export interface Running {
  readonly keycloak: string;
  readonly backend: string;
  readonly frontend: string;
  /** The people to sign in as. */
  readonly people: readonly Person[];
  /** Apps of at most two customers. */
  readonly apps: readonly App[];
}

/** A person to sign in as, with what the person may do. */
export interface Person extends DemoPerson, Pick<PersonRole, "permissions"> {
  /** The file with the password. */
  readonly file: string;
}

/** A customer's app. */
export interface App {
  /** The customer's client id. */
  readonly id: string;
  readonly permissions: readonly string[];
  /** The file with the customer's credentials. */
  readonly file: string;
}

/** Options of the demo's processes. */
export interface StageOptions {
  /** An administrator of Keycloak. */
  readonly admin: KcAdminClient;
  readonly files: CredentialFiles;
  readonly people: DemoPeople;
  /** The frontend's address. */
  readonly frontend: URL;
  readonly interrupted: AbortSignal;
  readonly log: Log;
  readonly variables: NodeJS.ProcessEnv;
}

/** Processes of the demo. Each starts after the processes that it needs answer. All end when the stage goes out of scope. */
export class Stage implements AsyncDisposable {
  /** The processes that run. */
  readonly processes: DemoProcess[] = [];
  readonly #options: StageOptions;

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /**
   * Starts the backend, the frontend and a customer's app on a deployed Keycloak.
   *
   * @throws FailedError if one does not start
   */
  async start({ declaration, baseUrl }: Started): Promise<Running> {
    const { admin, frontend, log, variables } = this.#options;
    const { realm } = declaration;
    const { api, frontend: clientId, customers } = participantsIn(declaration);
    const people = peopleIn(declaration, api);
    const issuer = issuerOf(baseUrl, realm);

    const port = await freeBackendPort();
    const apiUrl = `http://localhost:${port}`;
    await this.#add(() =>
      startBackend(
        {
          ...{ port, issuer, audience: api, frontendOrigin: frontend.origin },
          ...{ permissionsClaim, dataFolder: demoFolder, variables },
        },
        log,
      ),
    );
    await this.#add(() =>
      startFrontend(
        {
          url: frontend,
          keycloakUrl: baseUrl,
          realm,
          clientId,
          apiUrl,
          permissionsClaim,
          pageFolder: join(demoFolder, "frontend"),
          variables,
        },
        log,
      ),
    );

    const variablesOf = async (id: string): Promise<AppVariables> => ({
      TOKEN_URL: tokenEndpoint(issuer),
      CLIENT_ID: id,
      CLIENT_SECRET: (await deployedClient(admin, realm, id))?.secret ?? "",
      API_URL: apiUrl,
    });
    return {
      keycloak: baseUrl,
      backend: apiUrl,
      frontend: frontend.href,
      people: await this.#people(people),
      apps: await this.#apps(customers.slice(0, 2), variablesOf),
    };
  }

  /** Creates the people. */
  async #people(roles: readonly PersonRole[]): Promise<Person[]> {
    const { files } = this.#options;
    const people: Person[] = [];
    for (const role of roles) {
      const person = await this.#options.people.add(role);
      const file = await files.ofPerson(person.username, person.password);
      people.push({ ...person, permissions: role.permissions, file });
    }
    return people;
  }

  /** Starts the app of the first customer. */
  async #apps(
    customers: Participants["customers"],
    variablesOf: (id: string) => Promise<AppVariables>,
  ): Promise<App[]> {
    const { files, log, variables } = this.#options;
    const apps: App[] = [];
    for (const { id, permissions } of customers) {
      const app = await variablesOf(id);
      if (apps.length === 0) await this.#add(() => startThirdParty(app, log, variables));
      apps.push({ id, permissions, file: await files.ofApp(app) });
    }
    return apps;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((each) => each.stop()));
  }

  async #add(start: () => DemoProcess | Promise<DemoProcess>): Promise<void> {
    this.#options.interrupted.throwIfAborted();
    this.processes.push(await start());
  }
}

async function freeBackendPort(): Promise<number> {
  const { first, last } = backendPorts;
  const port = await firstFreePort(first, last);
  if (port !== undefined) return port;
  throw new UnavailableError(`ports ${first} to ${last} are all in use; free one for the backend`);
}
