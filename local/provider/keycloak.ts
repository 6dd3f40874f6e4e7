/** Keycloak's Admin REST API, through its own client library. */
import KeycloakAdminClient, { NetworkError } from "@keycloak/keycloak-admin-client";
import Resource from "@keycloak/keycloak-admin-client/lib/resources/resource.js";

import { ProviderError } from "./diagnostics.ts";
import type { Settings } from "./settings.ts";

/** Any JSON object of the Admin REST API. */
export type Json = Record<string, unknown>;

/** Keycloak's refusal of a request. */
export class KeycloakError extends ProviderError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** What the provider needs to know about the server. */
export interface ServerInfo {
  readonly systemInfo?: { readonly version?: string };
  readonly themes?: Readonly<Record<string, readonly { readonly name: string }[]>>;
  readonly providers?: Readonly<
    Record<string, { readonly providers?: Readonly<Record<string, unknown>> }>
  >;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

// The library's typed resources drop what they do not know and hide where something was created; its requests do not.
class Rest extends Resource {
  send(method: Method, path: string, body?: unknown, query: Json = {}): Promise<unknown> {
    const location = method === "POST" ? { returnResourceIdInLocationHeader: { field: "id" } } : {};
    return this.makeRequest<Json, unknown>({
      method,
      path,
      queryParamKeys: Object.keys(query),
      ...(body === undefined ? {} : { payloadKey: "body" }),
      ...location,
    })({ ...query, ...(body === undefined ? {} : { body }) });
  }

  post(path: string): Promise<unknown> {
    return this.makeRequest<Json, unknown>({ method: "POST", path })();
  }
}

/** A logged-in connection: renews its token before it ends, and once when Keycloak says 401 or 403. */
export class Keycloak {
  readonly #settings: Settings;
  readonly #client: KeycloakAdminClient;
  readonly #rest: Rest;
  #login: Promise<void> | undefined;
  #serverInfo: Promise<ServerInfo> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#client = new KeycloakAdminClient({
      baseUrl: settings.url,
      realmName: settings.realm,
      timeout: settings.timeout,
      requestOptions: { headers: settings.headers },
    });
    this.#rest = new Rest(this.#client, { path: "/admin" });
  }

  /** Reads JSON; `query` becomes the query string. */
  async get<T = Json>(path: string, query: Json = {}): Promise<T> {
    return (await this.#send("GET", path, () =>
      this.#rest.send("GET", path, undefined, query),
    )) as T;
  }

  /** Creates something and answers its id, the end of its address. */
  async create(path: string, body: Json): Promise<string> {
    const created = await this.#send("POST", path, () => this.#rest.send("POST", path, body));
    return decodeURIComponent((created as { id: string }).id);
  }

  /** Triggers an action and answers what it returns. */
  async post(path: string): Promise<Json> {
    return (await this.#send("POST", path, () => this.#rest.post(path))) as Json;
  }

  /** Replaces something. */
  async put(path: string, body: Json = {}): Promise<void> {
    await this.#send("PUT", path, () => this.#rest.send("PUT", path, body));
  }

  /** Deletes something. */
  async delete(path: string): Promise<void> {
    await this.#send("DELETE", path, () => this.#rest.send("DELETE", path));
  }

  /** What the server can do and has installed; read once, since it is large and does not change. */
  serverInfo(): Promise<ServerInfo> {
    this.#serverInfo ??= this.get<ServerInfo>("/serverinfo").catch((thrown: unknown) => {
      this.#serverInfo = undefined;
      throw thrown;
    });
    return this.#serverInfo;
  }

  /** Keycloak's version, else the configured one, else the newest that provider 5.9.0 knows. */
  async version(): Promise<string> {
    const { systemInfo } = await this.serverInfo();
    return systemInfo?.version || (this.#settings.keycloakVersion ?? "26.6.0");
  }

  /** Gets a new token. Requests that need one at the same time share the login. */
  login(): Promise<void> {
    this.#login ??= this.#authenticate().finally(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  async #authenticate(): Promise<void> {
    const { clientId, clientSecret, username, password, url, realm } = this.#settings;
    const identity = username === undefined ? `client "${clientId}"` : `user "${username}"`;
    try {
      await this.#client.auth({
        clientId,
        ...(clientSecret === undefined ? {} : { clientSecret }),
        ...(username === undefined || password === undefined
          ? { grantType: "client_credentials" as const }
          : { grantType: "password" as const, username, password }),
      });
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw this.#unreachable(thrown);
      const { status } = thrown.response;
      throw new KeycloakError(
        `Keycloak at ${url} refused the login of ${identity} in realm "${realm}": ${describe(thrown)}`,
        status,
      );
    }
  }

  async #send(method: Method, path: string, attempt: () => Promise<unknown>): Promise<unknown> {
    const usedToken = this.#client.accessToken;
    if (usedToken === undefined || this.#client.isTokenExpired()) await this.login();
    try {
      return await attempt();
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw this.#unreachable(thrown);
      // 403 too: a token from before a realm was created says nothing about that realm.
      if (thrown.response.status !== 401 && thrown.response.status !== 403)
        throw refusal(method, path, thrown);
    }
    await this.login();
    return attempt().catch((thrown: unknown) => {
      throw thrown instanceof NetworkError
        ? refusal(method, path, thrown)
        : this.#unreachable(thrown);
    });
  }

  #unreachable(thrown: unknown): ProviderError {
    if (thrown instanceof ProviderError) return thrown;
    const reason = thrown instanceof Error ? reasonOf(thrown) : String(thrown);
    return new ProviderError(`Keycloak at ${this.#settings.url} does not answer: ${reason}`);
  }
}

/** A path of the Admin REST API with every value in it escaped. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/** Whether Keycloak said that there is no such thing. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof KeycloakError && thrown.status === 404;
}

function refusal(method: Method, path: string, thrown: NetworkError): KeycloakError {
  const message = `Keycloak refused ${method} /admin${path}: ${describe(thrown)}`;
  return new KeycloakError(message, thrown.response.status);
}

function describe({ response, responseData }: NetworkError): string {
  const line = `${String(response.status)} ${response.statusText}`.trim();
  const data = (typeof responseData === "object" ? responseData : null) as Json | null;
  const reason = data?.errorMessage ?? data?.error_description ?? data?.error;
  return typeof reason === "string" ? `${line}: ${reason}` : line;
}

function reasonOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  return cause.message || ("code" in cause ? String(cause.code) : message);
}
