/** The provider's configuration: what the provider block sets, else what the environment does. */
import { ProviderError } from "./diagnostics.ts";
import { isZero, type State, type Value } from "./value.ts";

/** How to reach Keycloak and as whom. */
export interface Settings {
  /** Base URL with the base path, without a slash at the end. */
  readonly url: string;
  /** Realm that authenticates. */
  readonly realm: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly username?: string;
  readonly password?: string;
  /** Milliseconds that one request may take. */
  readonly timeout: number;
  /** Log in at once, so that wrong credentials fail the plan and not a resource. */
  readonly initialLogin: boolean;
  /** Version to assume when Keycloak does not tell it, as to an identity without `view-system`. */
  readonly keycloakVersion?: string;
  readonly headers: Readonly<Record<string, string>>;
}

const NOT_IMPLEMENTED: Readonly<Record<string, string | undefined>> = {
  access_token: "KEYCLOAK_ACCESS_TOKEN",
  admin_url: "KEYCLOAK_ADMIN_URL",
  jwt_signing_alg: undefined,
  jwt_signing_key: "KEYCLOAK_JWT_SIGNING_KEY",
  jwt_token: "KEYCLOAK_JWT_TOKEN",
  jwt_token_file: "KEYCLOAK_JWT_TOKEN_FILE",
  red_hat_sso: undefined,
  root_ca_certificate: undefined,
  tls_client_certificate: undefined,
  tls_client_private_key: undefined,
  tls_insecure_skip_verify: undefined,
};

/** Reads the settings; throws what is missing, contradictory or not implemented. */
export function readSettings(config: State, env: NodeJS.ProcessEnv): Settings {
  refuseNotImplemented(config, env);
  const read = (name: string, variable: string): string | undefined =>
    text(config[name]) ?? text(env[variable]);
  const url = read("url", "KEYCLOAK_URL");
  if (url === undefined)
    throw new ProviderError("url is not set; set it, or KEYCLOAK_URL in the environment", ["url"]);
  const base = `${url}${read("base_path", "KEYCLOAK_BASE_PATH") ?? ""}`.replace(/\/+$/u, "");
  if (!URL.canParse(base)) throw new ProviderError(`url "${base}" is not a URL`, ["url"]);
  const keycloakVersion = read("keycloak_version", "KEYCLOAK_VERSION");
  return {
    url: base,
    realm: read("realm", "KEYCLOAK_REALM") ?? "master",
    ...readIdentity(read),
    timeout: Number(config.client_timeout ?? text(env.KEYCLOAK_CLIENT_TIMEOUT) ?? 15) * 1000,
    initialLogin: config.initial_login !== false,
    ...(keycloakVersion === undefined ? {} : { keycloakVersion }),
    headers: (config.additional_headers ?? {}) as Record<string, string>,
  };
}

type Identity = Pick<Settings, "clientId" | "clientSecret" | "username" | "password">;

function readIdentity(read: (name: string, variable: string) => string | undefined): Identity {
  const username = read("username", "KEYCLOAK_USER");
  const password = read("password", "KEYCLOAK_PASSWORD");
  const clientSecret = read("client_secret", "KEYCLOAK_CLIENT_SECRET");
  const asUser = username !== undefined && password !== undefined;
  const clientId = read("client_id", "KEYCLOAK_CLIENT_ID");
  if (clientId === undefined)
    throw new ProviderError(
      "client_id is not set; set it, or KEYCLOAK_CLIENT_ID in the environment (admin-cli for a user)",
      ["client_id"],
    );
  if (!asUser && clientSecret === undefined) {
    throw new ProviderError(
      "no credentials: set username and password (KEYCLOAK_USER, KEYCLOAK_PASSWORD) or client_secret (KEYCLOAK_CLIENT_SECRET)",
    );
  }
  return {
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(asUser ? { username, password } : {}),
  };
}

function refuseNotImplemented(config: State, env: NodeJS.ProcessEnv): void {
  for (const [name, variable] of Object.entries(NOT_IMPLEMENTED)) {
    const inEnvironment = variable !== undefined && !isZero(env[variable]);
    if (isZero(config[name]) && !inEnvironment) continue;
    const what =
      isZero(config[name]) && variable !== undefined ? `${variable} in the environment` : name;
    throw new ProviderError(
      `the embedded provider does not implement ${what}; ${instead(name)}`,
      inEnvironment ? [] : [name],
    );
  }
}

function instead(name: string): string {
  if (name === "root_ca_certificate") return "name the certificate's file in NODE_EXTRA_CA_CERTS";
  return "use the official provider keycloak/keycloak";
}

function text(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
