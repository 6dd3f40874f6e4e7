import { ProviderError } from "../protocol/diagnostics.ts";
import { isZero, type State, type Value } from "../protocol/value.ts";

/**
 * The provider's configuration: Keycloak's address, and the identity that logs in.
 *
 * @see https://registry.terraform.io/providers/keycloak/keycloak/latest/docs#argument-reference
 */
export interface Settings {
  /** The base URL with the base path, without a trailing slash. */
  readonly url: string;
  /** The realm that the identity belongs to. */
  readonly realm: string;
  /** Missing only with a JWT or an access token, which names the client. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** A JWT of another issuer, with which a service account logs in. */
  readonly jwtToken?: string;
  /** A file with such a JWT, which is read at each login. */
  readonly jwtTokenFile?: string;
  /** An access token, with which nothing logs in. */
  readonly accessToken?: string;
  readonly username?: string;
  readonly password?: string;
  /** The time limit of one request, in milliseconds. */
  readonly timeout: number;
  /** Whether to log in at once, so that wrong credentials are reported once and not for each resource. */
  readonly initialLogin: boolean;
  /** The version to assume if the identity may not view Keycloak's. */
  readonly keycloakVersion?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Arguments that the embedded provider refuses, each with the variable that sets it too. */
const notImplemented: Readonly<Record<string, string | undefined>> = {
  admin_url: "KEYCLOAK_ADMIN_URL",
  jwt_signing_alg: undefined,
  jwt_signing_key: "KEYCLOAK_JWT_SIGNING_KEY",
  red_hat_sso: undefined,
  root_ca_certificate: undefined,
  tls_client_certificate: undefined,
  tls_client_private_key: undefined,
  tls_insecure_skip_verify: undefined,
};

/**
 * Reads the settings from the provider block, else from the environment.
 *
 * @throws ProviderError if one is missing, invalid or not implemented
 */
export function readSettings(config: State, env: NodeJS.ProcessEnv): Settings {
  refuseNotImplemented(config, env);
  const read = (name: string, variable: string): string | undefined =>
    nonEmpty(config[name]) ?? nonEmpty(env[variable]);
  const url = read("url", "KEYCLOAK_URL");
  if (url === undefined)
    throw new ProviderError("url is not set; set url, or KEYCLOAK_URL in the environment", ["url"]);
  const base = `${url}${read("base_path", "KEYCLOAK_BASE_PATH") ?? ""}`.replace(/\/+$/u, "");
  if (!URL.canParse(base)) throw new ProviderError(`url "${base}" is not a URL`, ["url"]);
  const keycloakVersion = read("keycloak_version", "KEYCLOAK_VERSION");
  return {
    url: base,
    realm: read("realm", "KEYCLOAK_REALM") ?? "master",
    ...readIdentity(read),
    timeout: Number(config.client_timeout ?? nonEmpty(env.KEYCLOAK_CLIENT_TIMEOUT) ?? 15) * 1_000,
    initialLogin: config.initial_login !== false,
    ...(keycloakVersion === undefined ? {} : { keycloakVersion }),
    headers: (config.additional_headers ?? {}) as Record<string, string>,
  };
}

type Identity = Pick<
  Settings,
  | "clientId"
  | "clientSecret"
  | "username"
  | "password"
  | "jwtToken"
  | "jwtTokenFile"
  | "accessToken"
>;

/** The credentials that the official provider would use: of a user, a secret or a JWT, or else an access token. */
function readIdentity(read: (name: string, variable: string) => string | undefined): Identity {
  const username = read("username", "KEYCLOAK_USER");
  const password = read("password", "KEYCLOAK_PASSWORD");
  const clientSecret = read("client_secret", "KEYCLOAK_CLIENT_SECRET");
  const jwtToken = read("jwt_token", "KEYCLOAK_JWT_TOKEN");
  const jwtTokenFile = read("jwt_token_file", "KEYCLOAK_JWT_TOKEN_FILE");
  const accessToken = read("access_token", "KEYCLOAK_ACCESS_TOKEN");
  const clientId = read("client_id", "KEYCLOAK_CLIENT_ID");
  const isUser = username !== undefined && password !== undefined;
  const namesClient = jwtToken ?? jwtTokenFile ?? accessToken;
  if (clientId === undefined && (isUser || clientSecret !== undefined || namesClient === undefined))
    throw new ProviderError(
      "client_id is not set; set client_id, or KEYCLOAK_CLIENT_ID in the environment (admin-cli for a user)",
      ["client_id"],
    );
  if (!isUser && clientSecret === undefined && namesClient === undefined) {
    throw new ProviderError(
      "no credentials: set username and password (KEYCLOAK_USER, KEYCLOAK_PASSWORD), client_secret (KEYCLOAK_CLIENT_SECRET) or jwt_token_file (KEYCLOAK_JWT_TOKEN_FILE)",
    );
  }
  const client = clientId === undefined ? {} : { clientId };
  if (isUser) return { ...client, ...(clientSecret && { clientSecret }), username, password };
  if (jwtToken !== undefined) return { ...client, jwtToken };
  if (jwtTokenFile !== undefined) return { ...client, jwtTokenFile };
  if (clientSecret !== undefined) return { ...client, clientSecret };
  return { ...client, ...(accessToken !== undefined && { accessToken }) };
}

function refuseNotImplemented(config: State, env: NodeJS.ProcessEnv): void {
  for (const [name, variable] of Object.entries(notImplemented)) {
    const isConfigured = !isZero(config[name]);
    const isInEnvironment = variable !== undefined && !isZero(env[variable]);
    if (!isConfigured && !isInEnvironment) continue;
    const source = isConfigured || variable === undefined ? name : `${variable} in the environment`;
    throw new ProviderError(
      `the embedded provider does not implement ${source}; ${alternative(name)}`,
      isInEnvironment ? [] : [name],
    );
  }
}

function alternative(name: string): string {
  if (name === "root_ca_certificate") return "set NODE_EXTRA_CA_CERTS to the certificate's file";
  return "use the official provider keycloak/keycloak";
}

function nonEmpty(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
