import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { permissionsClaim } from "../constructs/names/permissions-claim.ts";
import type { RealmDeclaration } from "../constructs/declaration.ts";
import { findClient } from "../operations/keycloak/clients.ts";
import { claimProblems } from "../operations/keycloak/token.ts";
import { interruption } from "../system/interruption.ts";

/** Name of the user that the verification needs. It is disabled and has no password, so nobody can sign in as it. */
const username = "temporary-user-of-npm-start";

/** A role of an API, as a person who signs in through a frontend has it. */
export interface VerifiedRole {
  readonly api: string;
  /** The role; undefined for a person without any role. */
  readonly role: string | undefined;
  readonly frontend: string;
  /** The permissions that the role grants. */
  readonly permissions: readonly string[];
  /** Differences from the declaration; empty if there are none. */
  readonly problems: readonly string[];
}

/**
 * Verifies the roles of APIs: for each role and frontend, the token that Keycloak would issue to a person with the role. It creates a user for
 * that, and removes it afterwards, so it is for the local Keycloak only.
 *
 * @param admin a login that may manage the realm's users
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_scopes_evaluate
 */
export async function verifyRoles(
  admin: KcAdminClient,
  { realm, roles = {}, frontends }: Pick<RealmDeclaration, "realm" | "roles" | "frontends">,
): Promise<VerifiedRole[]> {
  const wanted = Object.entries(roles).flatMap(([api, permissionsOf]) =>
    Object.keys(frontends)
      .filter((frontend) => Object.hasOwn(frontends[frontend] ?? {}, api))
      .flatMap((frontend) =>
        [...Object.entries(permissionsOf), [undefined, []] as const].map(([role, permissions]) => ({
          ...{ api, role, frontend, permissions },
        })),
      ),
  );
  if (wanted.length === 0) return [];
  await using user = await TemporaryUser.create(admin, realm);
  const verified: VerifiedRole[] = [];
  for (const each of wanted) {
    interruption.throwIfAborted();
    const token = await user.tokenOf(each.api, each.role, each.frontend);
    verified.push({ ...each, problems: token ? problemsOf(token, each) : ["is not in Keycloak"] });
  }
  return verified;
}

function problemsOf(
  token: Readonly<Record<string, unknown>>,
  { api, permissions }: Pick<VerifiedRole, "api" | "permissions">,
): string[] {
  const listOf = (claim: unknown) => [claim ?? []].flat().map(String).sort();
  return [
    ...(listOf(token.aud).includes(api) ? [] : [`aud lacks ${api}`]),
    ...claimProblems(permissionsClaim, listOf(token[permissionsClaim]), [...permissions].sort()),
  ];
}

/** A disabled user of a realm. When it goes out of scope, it is removed. */
class TemporaryUser implements AsyncDisposable {
  readonly #admin: KcAdminClient;
  readonly #realm: string;
  readonly #id: string;
  readonly #clients = new Map<string, ReturnType<typeof findClient>>();

  private constructor(admin: KcAdminClient, realm: string, id: string) {
    this.#admin = admin;
    this.#realm = realm;
    this.#id = id;
  }

  static async create(admin: KcAdminClient, realm: string): Promise<TemporaryUser> {
    const [left] = await admin.users.find({ realm, username, exact: true });
    // a killed verification left it, with a role
    if (left?.id !== undefined) await admin.users.del({ realm, id: left.id });
    const { id } = await admin.users.create({ realm, username, enabled: false });
    return new TemporaryUser(admin, realm, id);
  }

  /** The claims of the access token with at most one role; undefined if Keycloak lacks the API, the role or the frontend. */
  async tokenOf(
    api: string,
    role: string | undefined,
    frontend: string,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const [realm, { clients, users }] = [this.#realm, this.#admin];
    const [apiClient, client] = [await this.#client(api), await this.#client(frontend)];
    if (!apiClient || !client) return undefined;
    const request = { realm, id: client.id, userId: this.#id, scope: "openid", audience: "" };
    if (role === undefined) return clients.evaluateGenerateAccessToken(request);
    const { id, name } =
      (await clients.listRoles({ realm, id: apiClient.id })).find((each) => each.name === role) ??
      {};
    if (id === undefined || name === undefined) return undefined;
    const mapping = {
      ...{ realm, id: this.#id, clientUniqueId: apiClient.id, roles: [{ id, name }] },
    };
    await users.addClientRoleMappings(mapping);
    try {
      return await clients.evaluateGenerateAccessToken(request);
    } finally {
      await users.delClientRoleMappings(mapping);
    }
  }

  /** A client, which is looked up once for all roles. */
  #client(clientId: string): ReturnType<typeof findClient> {
    const found = this.#clients.get(clientId) ?? findClient(this.#admin, this.#realm, clientId);
    this.#clients.set(clientId, found);
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.users.del({ realm: this.#realm, id: this.#id });
  }
}
