import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { findClient } from "./clients.ts";

/** Lookup of existing objects in Keycloak by name. It serves one plan: client scopes are listed only once. */
export class Existing {
  readonly #admin: KcAdminClient;
  readonly #realm: string;
  #scopes: ReturnType<KcAdminClient["clientScopes"]["find"]> | undefined;

  constructor(admin: KcAdminClient, realm: string) {
    this.#admin = admin;
    this.#realm = realm;
  }

  /** The realm's name; undefined if there is no such realm. */
  async realm(): Promise<string | undefined> {
    return (await this.#admin.realms.findOne({ realm: this.#realm }))?.realm;
  }

  /** A client's UUID. */
  async client(clientId: string): Promise<string | undefined> {
    return (await findClient(this.#admin, this.#realm, clientId))?.id;
  }

  /** A client scope's UUID. */
  async scope(name: string): Promise<string | undefined> {
    // Keycloak has no search for a single client scope
    this.#scopes ??= this.#admin.clientScopes.find({ realm: this.#realm });
    return (await this.#scopes).find((scope) => scope.name === name)?.id;
  }

  /** The UUID of a protocol mapper of a client scope. */
  async mapper(scope: string, name: string): Promise<string | undefined> {
    const location = { realm: this.#realm, id: scope };
    const mappers = await this.#admin.clientScopes.listProtocolMappers(location);
    return mappers.find((mapper) => mapper.name === name)?.id;
  }

  /**
   * Whether a client was created within the time that events are kept (90 days) and nobody has obtained a token with its secret.
   * That is what an apply leaves if it is killed before it records the client.
   *
   * @see https://www.keycloak.org/docs/latest/server_admin/#auditing-user-events
   */
  async isUnused(clientId: string, uuid: string): Promise<boolean> {
    const realm = this.#realm;
    const creations = await this.#admin.realms.findAdminEvents({
      realm,
      operationTypes: "CREATE",
      resourcePath: `clients/${uuid}`,
      max: 1,
    });
    const logins = await this.#admin.realms.findEvents({
      realm,
      client: clientId,
      type: "CLIENT_LOGIN",
      max: 1,
    });
    return creations.length > 0 && logins.length === 0;
  }
}
