import type KcAdminClient from "@keycloak/keycloak-admin-client";

/** Finds what Keycloak has under a name, whoever made it. It is for one plan: client scopes are listed once. */
export class Existing {
  readonly #admin: KcAdminClient;
  readonly #realm: string;
  #scopes: ReturnType<KcAdminClient["clientScopes"]["find"]> | undefined;

  constructor(admin: KcAdminClient, realm: string) {
    this.#admin = admin;
    this.#realm = realm;
  }

  /** The realm's name, if there is such a realm. */
  async realm(): Promise<string | undefined> {
    return (await this.#admin.realms.findOne({ realm: this.#realm }))?.realm;
  }

  /** A client's UUID. */
  async client(clientId: string): Promise<string | undefined> {
    return (await this.#admin.clients.find({ realm: this.#realm, clientId }))[0]?.id;
  }

  /** A client scope's UUID. */
  async scope(name: string): Promise<string | undefined> {
    // Keycloak lists them all at once or not at all
    this.#scopes ??= this.#admin.clientScopes.find({ realm: this.#realm });
    return (await this.#scopes).find((scope) => scope.name === name)?.id;
  }

  /** The UUID of a protocol mapper of a client scope. */
  async mapper(scope: string, name: string): Promise<string | undefined> {
    const place = { realm: this.#realm, id: scope };
    const mappers = await this.#admin.clientScopes.listProtocolMappers(place);
    return mappers.find((mapper) => mapper.name === name)?.id;
  }

  /**
   * Whether a client has been there for less than the events are kept (90 days), and nobody has got a token with its secret: what
   * an apply leaves that was killed before it could record the client.
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
