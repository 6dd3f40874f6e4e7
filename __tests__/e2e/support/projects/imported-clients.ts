import { expect } from "@jest/globals";
import { tokenEndpoint } from "../../../../operations/keycloak/token.ts";
import type { Outcome } from "./clone.ts";
import { filesBelow } from "../files.ts";
import type { GatedProject } from "./gated-project.ts";
import type { Passing } from "../../examples/support/gateway.ts";

/** The secret of a client that was created by hand. */
const knownOf = (clientId: string): string => `the-secret-that-${clientId}-knows`;

/** Clients that were created by hand, and that a project declares and imports. */
export class ImportedClients {
  readonly project: GatedProject;
  readonly #issuer: string;
  readonly #states: () => Promise<string[]>;

  /** @param states the states outside of the clone's folder, as texts */
  constructor(project: GatedProject, issuer: string, states: () => Promise<string[]>) {
    this.project = project;
    this.#issuer = issuer;
    this.#states = states;
  }

  /** Creates a confidential client by hand, as an administrator does in the console. */
  async create(clientId: string, more: object): Promise<void> {
    const { admin, realm } = this.project;
    await admin.clients.create({ realm, clientId, secret: knownOf(clientId), ...more });
  }

  /** Creates a client by hand, and declares it as a customer's. */
  async declareExisting(id: string): Promise<void> {
    await this.create(id, { serviceAccountsEnabled: true, standardFlowEnabled: false });
    const status = await this.tokenStatus(id);
    if (status !== 200) throw new Error(`"${id}" gets no token: HTTP ${status}`);
    await this.project.add(id);
  }

  /** HTTP status of a token request with the secret that the client had when it was created by hand. */
  async tokenStatus(id: string, form = {}): Promise<number> {
    const body = new URLSearchParams({
      ...{ grant_type: "client_credentials", client_id: id, client_secret: knownOf(id) },
      ...form,
    });
    return (await fetch(tokenEndpoint(this.#issuer), { method: "POST", body })).status;
  }

  /** The clients whose secret in Keycloak is in a file, a state or an output. */
  async withSecretLeft(): Promise<string[]> {
    const { clone } = this.project;
    const secrets = Object.entries(await this.project.secrets());
    if (secrets.length < 3) throw new Error(`too few secrets in Keycloak: ${secrets.length}`);
    const texts = [
      ...(await filesBelow(clone.folder)),
      ...(await filesBelow(clone.temporaryFolder)),
      ...(await this.#states()),
      ...clone.outputs,
    ];
    return secrets.flatMap(([id, secret]) =>
      texts.some((text) => text.includes(secret)) ? [id] : [],
    );
  }

  /** Makes Keycloak refuse the first change of a client, and acts at that moment. */
  refuseChange(act: () => void): void {
    const project = this.project;
    project.gateway.rules = {
      before: ({ method, path }: Passing) => {
        if (method !== "PUT" || !/\/clients\/[^/]+$/.test(path)) return undefined;
        act();
        project.gateway.rules = {};
        return 400;
      },
    };
  }
}

/** Expects that a deploy that failed after it had imported a client left no valid secret behind, and that the next one completes it. */
export async function secretsAreReplaced(
  clients: ImportedClients,
  id: string,
  failed: Outcome,
): Promise<void> {
  const { clone, gateway } = clients.project;
  expect(failed.output).toContain(
    `the state has the old secrets of "${id}", so these clients have new ones`,
  );
  expect(await clients.tokenStatus(id)).toBe(401);
  expect(await clients.withSecretLeft()).toEqual([]);

  gateway.rules = {};
  for (const script of ["plan", "deploy"]) {
    expect(await clone.npm(script)).toMatchObject({ exitCode: 0 });
    expect(await clients.withSecretLeft()).toEqual([]);
  }
}
