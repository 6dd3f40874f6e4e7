import { isDeepStrictEqual } from "node:util";
import KeycloakAdminClient, { NetworkError } from "@keycloak/keycloak-admin-client";
import Resource from "@keycloak/keycloak-admin-client/lib/resources/resource.js";
import { loginRefused, requestRefused, unreachable } from "./errors.ts";
import type { Json } from "./json.ts";
import { assertedLogin, credentialsOf, describeIdentity, hasAssertion } from "./login.ts";
import type { Settings } from "./settings.ts";

/** The facts about the server that the provider needs. */
export interface ServerInfo {
  /** Absent if the identity may not view the system. */
  readonly systemInfo?: { readonly version?: string };
  readonly themes?: Readonly<Record<string, readonly { readonly name: string }[]>>;
  readonly providers?: Readonly<
    Record<string, { readonly providers?: Readonly<Record<string, unknown>> }>
  >;
}

/** The newest Keycloak that version 5.9.0 of the official provider supports. */
const newestSupportedVersion = "26.6.0";

/** Age of a token after which it is replaced, in milliseconds: half the default lifespan of an administrator's token. */
const renewAfter = 30_000;

/** A token, and when it was got. */
export interface Session {
  readonly accessToken: string;
  readonly loggedInAt: number;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

// the typed resources of the library drop fields that they do not know, and hide the id of what was created
class Rest extends Resource {
  send(method: Method, path: string, body?: unknown, query: Json = {}): Promise<unknown> {
    // without a payloadKey the library sends an empty object instead of no body
    return this.makeRequest<Json, unknown>({
      method,
      path,
      queryParamKeys: Object.keys(query),
      payloadKey: "body",
    })({ ...query, ...(body === undefined ? {} : { body }) });
  }

  create(path: string, body: unknown): Promise<unknown> {
    return this.makeRequest<Json, unknown>({
      method: "POST",
      path,
      payloadKey: "body",
      returnResourceIdInLocationHeader: { field: "id" },
    })({ body });
  }
}

/**
 * A connection to Keycloak's Admin REST API. It logs in again every 30 s, and once if Keycloak answers 401 or
 * 403. Paths begin below `/admin`; {@link apiPath} builds them.
 *
 * Every method throws a KeycloakError if Keycloak refuses the request, and a ProviderError if it does not answer.
 *
 * @see https://www.keycloak.org/docs-api/latest/rest-api/index.html
 */
export class Keycloak {
  readonly #settings: Settings;
  readonly #client: KeycloakAdminClient;
  readonly #rest: Rest;
  #login: Promise<void> | undefined;
  #loggedInAt: number;
  #serverInfo: Promise<ServerInfo> | undefined;
  /** What {@link getOnce} got, by path. */
  readonly #known = new Map<string, Promise<unknown>>();

  /** @param session the session of another connection, which it continues */
  constructor(settings: Settings, session?: Session) {
    this.#settings = settings;
    this.#loggedInAt = session?.loggedInAt ?? -Infinity;
    this.#client = new KeycloakAdminClient({
      baseUrl: settings.url,
      realmName: settings.realm,
      timeout: settings.timeout,
      requestOptions: { headers: settings.headers },
    });
    // without this the library compares the token's expiry with this machine's clock, which may differ from Keycloak's
    this.#client.registerTokenProvider({
      getAccessToken: () => Promise.resolve(this.#client.accessToken),
    });
    if (session) this.#client.setAccessToken(session.accessToken);
    this.#rest = new Rest(this.#client, { path: "/admin" });
  }

  /**
   * The session that a connection with the same settings can continue: with a password, each login costs Keycloak a tenth of a second.
   * Undefined if the settings differ, or if there is no token that is new enough.
   */
  sessionFor(settings: Settings): Session | undefined {
    const { accessToken } = this.#client;
    const loggedInAt = this.#loggedInAt;
    if (!accessToken || this.#isOld || !isDeepStrictEqual(settings, this.#settings))
      return undefined;
    return { accessToken, loggedInAt };
  }

  /** Gets JSON; `query` becomes the query string. */
  async get<T = Json>(path: string, query: Json = {}): Promise<T> {
    return (await this.#send("GET", path, () =>
      this.#rest.send("GET", path, undefined, query),
    )) as T;
  }

  /**
   * Gets JSON that several resources need. It is asked for once, until this connection writes something that may change it. Terraform opens a
   * connection for each plan and each apply.
   */
  async getOnce<T = Json>(path: string): Promise<T> {
    const known = this.#known.get(path) ?? this.get<T>(path);
    this.#known.set(path, known);
    known.catch(() => this.#known.delete(path));
    return (await known) as T;
  }

  /** Creates something and returns its id, the last segment of its URL. */
  async create(path: string, body: Json): Promise<string> {
    const created = await this.#send("POST", path, () => this.#rest.create(path, body));
    return decodeURIComponent((created as { id: string }).id);
  }

  /** Triggers an action and returns its response; without a body, sends an empty object. */
  async post(path: string, body: unknown = {}): Promise<Json> {
    return (await this.#send("POST", path, () => this.#rest.send("POST", path, body))) as Json;
  }

  /** Replaces the object at a path; without a body, sends an empty object. */
  async put(path: string, body: Json = {}): Promise<void> {
    await this.#send("PUT", path, () => this.#rest.send("PUT", path, body));
  }

  /** Deletes the object at a path, or the items of a body from the list at a path. */
  async delete(path: string, body?: unknown): Promise<void> {
    await this.#send("DELETE", path, () => this.#rest.send("DELETE", path, body));
  }

  /** Features and installed extensions of the server; fetched once, because they are large and do not change. */
  serverInfo(): Promise<ServerInfo> {
    this.#serverInfo ??= this.get<ServerInfo>("/serverinfo").catch((error: unknown) => {
      this.#serverInfo = undefined;
      throw error;
    });
    return this.#serverInfo;
  }

  /** Keycloak's version. If the identity may not view it: the configured one, by default the newest that is supported. */
  async version(): Promise<string> {
    const { systemInfo } = await this.serverInfo();
    return systemInfo?.version || (this.#settings.keycloakVersion ?? newestSupportedVersion);
  }

  /** Gets a new token. Concurrent calls share one login. */
  login(): Promise<void> {
    this.#login ??= this.#authenticate().finally(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  async #authenticate(): Promise<void> {
    const { accessToken, url, realm } = this.#settings;
    const identity = describeIdentity(this.#settings);
    try {
      if (accessToken !== undefined) this.#client.setAccessToken(accessToken);
      else if (hasAssertion(this.#settings))
        this.#client.setAccessToken(await assertedLogin(this.#settings));
      else await this.#client.auth(credentialsOf(this.#settings));
      this.#loggedInAt = performance.now();
    } catch (error) {
      throw error instanceof NetworkError
        ? loginRefused(url, `${identity} in realm "${realm}"`, error)
        : unreachable(url, error);
    }
  }

  async #send(method: Method, path: string, attempt: () => Promise<unknown>): Promise<unknown> {
    if (method === "GET") return this.#request(method, path, attempt);
    this.#forget(path);
    try {
      return await this.#request(method, path, attempt);
    } finally {
      // what was asked for in between may be from before
      this.#forget(path);
    }
  }

  /** Forgets what a write may change: a client if it is below one, nothing if it creates one, and otherwise everything. */
  #forget(path: string): void {
    const [, client] = /^(\/realms\/[^/]+\/clients\/[^/]+)/.exec(path) ?? [];
    if (client !== undefined) this.#known.delete(client);
    else if (!/^\/realms\/[^/]+\/clients$/.test(path)) this.#known.clear();
  }

  async #request(method: Method, path: string, attempt: () => Promise<unknown>): Promise<unknown> {
    if (this.#isOld) await this.login();
    try {
      return await attempt();
    } catch (error) {
      // 403 too: a token from before a realm was created has no rights in that realm
      const isStaleToken =
        error instanceof NetworkError && [401, 403].includes(error.response.status);
      if (!isStaleToken) throw this.#failure(method, path, error);
    }
    await this.login();
    return attempt().catch((error: unknown) => {
      throw this.#failure(method, path, error);
    });
  }

  get #isOld(): boolean {
    return performance.now() - this.#loggedInAt > renewAfter;
  }

  #failure(method: Method, path: string, error: unknown): Error {
    return error instanceof NetworkError
      ? requestRefused(`${method} /admin${path}`, error)
      : unreachable(this.#settings.url, error);
  }
}

/** Builds a path of the Admin REST API in which every value is escaped. */
export function apiPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}
