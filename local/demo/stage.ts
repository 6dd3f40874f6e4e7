import { join } from "node:path";
import { adminClient } from "../../keycloak/admin.ts";
import { deployedClient } from "../../keycloak/customer-clients.ts";
import { issuerOf, tokenEndpoint } from "../../keycloak/token.ts";
import { ExplainedError } from "../../text/errors.ts";
import { ensureLogins } from "../logins.ts";
import { firstFreePort } from "../port.ts";
import type { Started } from "../start.ts";
import { administratorLogin } from "../target.ts";
import { startBackend } from "./backend.ts";
import type { CredentialFiles } from "./credential-files.ts";
import { startFrontend } from "./frontend.ts";
import type { Log, Part } from "./part.ts";
import { rolesIn } from "./roles.ts";
import { type AppVariables, startThirdParty } from "./third-party.ts";
import { makeDemoUser } from "./user.ts";

const backendPorts = { first: 5000, last: 5019 };

/** The demo when all of it answers. */
export interface Running {
  readonly keycloak: string;
  readonly backend: string;
  readonly frontend: string;
  /** Who may sign in, and the file with the password. */
  readonly user: { readonly username: string; readonly password: string; readonly file: string };
  /** Two customers at most, with what they may do, and the file with their credentials. */
  readonly apps: readonly App[];
}

/** A customer's app. */
export interface App {
  readonly id: string;
  readonly permissions: readonly string[];
  readonly file: string;
}

/** What the parts beside Keycloak are started with. */
export interface StageOptions {
  /** Where the backend keeps its data. */
  readonly folder: string;
  readonly files: CredentialFiles;
  /** Where the frontend is served. */
  readonly frontend: URL;
  readonly interrupted: AbortSignal;
  readonly log: Log;
}

/** The parts of the demo, each started when the one that it needs answers. */
export class Stage {
  /** Those that run. */
  readonly parts: Part[] = [];
  readonly #options: StageOptions;

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /**
   * Starts backend, frontend and third party's app on a Keycloak that is as declared.
   *
   * @throws ExplainedError (1) if one does not come up
   */
  async start({ synthesis: { declaration }, baseUrl }: Started): Promise<Running> {
    const { folder, files, frontend, log } = this.#options;
    const { realm } = declaration;
    const { api, frontend: clientId, customers } = rolesIn(declaration);
    const issuer = issuerOf(baseUrl, realm);
    const admin = await adminClient(administratorLogin(baseUrl, await ensureLogins()));

    const port = await freeBackendPort();
    const apiUrl = `http://localhost:${port}`;
    await this.#add(() =>
      startBackend(
        { port, issuer, audience: api, frontendOrigin: frontend.origin, dataFolder: folder },
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
          pageFolder: join(folder, "frontend"),
        },
        log,
      ),
    );

    const user = await makeDemoUser(admin, realm);
    const apps: App[] = [];
    for (const { id, permissions } of customers.slice(0, 2)) {
      const variables: AppVariables = {
        TOKEN_URL: tokenEndpoint(issuer),
        CLIENT_ID: id,
        CLIENT_SECRET: (await deployedClient(admin, realm, id))?.secret ?? "",
        API_URL: apiUrl,
      };
      if (apps.length === 0) await this.#add(() => startThirdParty(variables, log));
      apps.push({ id, permissions, file: await files.ofApp(variables) });
    }
    return {
      keycloak: baseUrl,
      backend: apiUrl,
      frontend: frontend.href,
      user: { ...user, file: await files.ofUser(user.username, user.password) },
      apps,
    };
  }

  async #add(start: () => Part | Promise<Part>): Promise<void> {
    this.#options.interrupted.throwIfAborted();
    this.parts.push(await start());
  }
}

async function freeBackendPort(): Promise<number> {
  const { first, last } = backendPorts;
  const port = await firstFreePort(first, last);
  if (port !== undefined) return port;
  throw new ExplainedError(3, `ports ${first} to ${last} are all taken; free one for the backend`);
}
