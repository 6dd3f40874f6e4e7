/** A Keycloak that run.ts started. */
export interface Server {
  /** Its address without the base path. */
  readonly url: string;
  readonly basePath: string;
  readonly administrator: { readonly username: string; readonly password: string };
}

/** A Keycloak that also answers with TLS, and asks for client certificates. */
export interface TlsServer extends Server {
  /** Its address with TLS. */
  readonly tlsUrl: string;
  /** The folder of the {@link Authority} that it trusts, for client certificates and for the hosts that it calls. */
  readonly authorityFolder: string;
  /** The port of the proxy through which it calls {@link keyHost}. A test starts one. */
  readonly keyProxyPort: number;
}

/** The host of the keys that customers serve themselves. */
export const keyHost = "keys.example.com";

/** Servers and providers for the end-to-end tests. */
export interface EndToEnd {
  /** A Keycloak without a base path. */
  readonly root: TlsServer;
  /** A Keycloak with the base path `/auth` and an overlap of secrets. */
  readonly auth: Server;
  /** Whether terraform init gets the official provider. */
  readonly official: boolean;
  /** The command of OpenTofu if the tests run Terraform, and the reverse; missing if it is not installed. */
  readonly otherProgram?: string;
}

/** The servers and providers of this run. @throws Error outside of `npm run test:e2e` */
export function endToEnd(): EndToEnd {
  const { END_TO_END } = process.env;
  if (END_TO_END === undefined) throw new Error("run the end-to-end tests with npm run test:e2e");
  return JSON.parse(END_TO_END) as EndToEnd;
}

/** The providers that a test runs on: the embedded one, and the official one if terraform init gets it. */
export function onProviders(): readonly ("embedded" | "official")[] {
  return endToEnd().official ? ["embedded", "official"] : ["embedded"];
}
