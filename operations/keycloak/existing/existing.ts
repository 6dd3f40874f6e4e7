import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { findClient } from "../clients.ts";
import { isForbidden, isNotFound } from "../failures.ts";

/** Lookup of existing objects in Keycloak by name. It serves one plan: client scopes are listed only once. */
export class Existing {
  readonly #admin: KcAdminClient;
  readonly #realm: string;
  /** Whether the realm is known to be missing. */
  #hasNoRealm = false;
  #scopes: ReturnType<KcAdminClient["clientScopes"]["find"]> | undefined;

  constructor(admin: KcAdminClient, realm: string) {
    this.#admin = admin;
    this.#realm = realm;
  }

  /** The realm's name; undefined if there is no such realm. */
  async realm(): Promise<string | undefined> {
    return (await this.#admin.realms.findOne({ realm: this.#realm }))?.realm;
  }

  /** A client; undefined if there is none, or no such realm. */
  async client(clientId: string): ReturnType<typeof findClient> {
    if (this.#hasNoRealm) return undefined;
    try {
      return await findClient(this.#admin, this.#realm, clientId);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#hasNoRealm = true;
      return undefined;
    }
  }

  /** A client scope's UUID. */
  async scope(name: string): Promise<string | undefined> {
    // Keycloak has no search for a single client scope
    this.#scopes ??= this.#admin.clientScopes.find({ realm: this.#realm });
    return (await this.#scopes).find((scope) => scope.name === name)?.id;
  }

  /** The UUID of a client's role. */
  async role(client: string, name: string): Promise<string | undefined> {
    const roles = await this.#admin.clients.listRoles({ realm: this.#realm, id: client });
    return roles.find((role) => role.name === name)?.id;
  }

  /**
   * The UUID of a group, in another one or at the top. An identity that may not read groups finds none: it may not create one either.
   *
   * @param parent the UUID of the group above
   */
  async group(name: string, parent: string | undefined): Promise<string | undefined> {
    const query = { realm: this.#realm, search: name, exact: true };
    return unlessForbidden(async () => {
      const groups =
        parent === undefined
          ? await this.#admin.groups.find(query)
          : await this.#admin.groups.listSubGroups({ ...query, parentId: parent });
      return groups.find((group) => group.name === name)?.id;
    });
  }

  /** The alias of a trusted issuer. An identity that may not read them finds none: it may not create one either. */
  async issuer(alias: string): Promise<string | undefined> {
    return unlessForbidden(async () => {
      const found = await this.#admin.identityProviders.findOne({ realm: this.#realm, alias });
      return found?.alias;
    });
  }

  /** The UUID of a protocol mapper of a client scope. */
  async mapper(scope: string, name: string): Promise<string | undefined> {
    const location = { realm: this.#realm, id: scope };
    const mappers = await this.#admin.clientScopes.listProtocolMappers(location);
    return mappers.find((mapper) => mapper.name === name)?.id;
  }
}

/** What a look-up finds; nothing if the identity may not look. */
async function unlessForbidden(
  find: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await find();
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
