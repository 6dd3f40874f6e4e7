import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../system/folders.ts";
import { interruption } from "../../system/interruption.ts";
import { answers, lastLines } from "../../system/programs/readiness.ts";
import { FailedError } from "../../text/errors.ts";
import {
  type DemoProcess,
  type Log,
  programVariables,
  startProcess,
  whenReady,
} from "./process.ts";

const folder = join(checkout, "examples/frontend-vue");
const vite = join(checkout, "node_modules/.bin/vite");

/** Options for building and serving the frontend. */
export interface FrontendOptions {
  /** The address at which it is served, and to which Keycloak sends users back. */
  readonly url: URL;
  /** Keycloak's address with its base path. */
  readonly keycloakUrl: string;
  readonly realm: string;
  readonly clientId: string;
  readonly apiUrl: string;
  /**
   * The claim with what a person's roles permit.
   * @default none: the API has no roles
   */
  readonly permissionsClaim?: string;
  /**
   * The address to which Keycloak sends people after signing out; empty if none is registered.
   * @default the frontend's address
   */
  readonly postLogoutRedirectUri?: string;
  /** The folder that it is built into and served from. */
  readonly pageFolder: string;
  /** The environment variables that it is built and served with. */
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * Builds `examples/frontend-vue` with these settings, serves it with the headers that a server should send, and waits until it
 * answers.
 *
 * @throws FailedError if it cannot be built or does not start
 */
export async function startFrontend(options: FrontendOptions, log: Log): Promise<DemoProcess> {
  const { url, keycloakUrl, realm, clientId, apiUrl, permissionsClaim, pageFolder } = options;
  const { postLogoutRedirectUri = url.href, variables: inherited } = options;
  const variables = {
    VITE_KEYCLOAK_URL: keycloakUrl,
    VITE_KEYCLOAK_REALM: realm,
    VITE_KEYCLOAK_CLIENT_ID: clientId,
    VITE_API_URL: apiUrl,
    // empty rather than missing, so that a value in .env.local has no effect
    VITE_PERMISSIONS_CLAIM: permissionsClaim ?? "",
    VITE_POST_LOGOUT_REDIRECT_URI: postLogoutRedirectUri,
  };
  const built = await execa(vite, ["build", "--outDir", pageFolder, "--emptyOutDir"], {
    cwd: folder,
    env: programVariables({ inherited, variables }),
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  interruption.throwIfAborted();
  if (built.failed) throw new FailedError(`the frontend cannot be built\n${lastLines(built.all)}`);
  const args = [
    ...["preview", "--outDir", pageFolder],
    ...["--host", url.hostname, "--port", url.port || "80", "--strictPort"],
  ];
  const frontend = startProcess(
    { name: "frontend", command: vite, args, folder, inherited, variables },
    log,
  );
  return whenReady(frontend, () => answers(url.href));
}
