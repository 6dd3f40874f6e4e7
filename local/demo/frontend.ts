import { join } from "node:path";
import { execa } from "execa";
import { ExplainedError } from "../../text/errors.ts";
import { checkout } from "../folders.ts";
import { answers, lastLines } from "../processes.ts";
import { type Log, type Part, startPart, whenReady } from "./part.ts";

const folder = join(checkout, "examples/frontend-vue");
const vite = join(checkout, "node_modules/.bin/vite");

/** How the frontend is built and served. */
export interface FrontendOptions {
  /** Where its users come from and come back to. */
  readonly url: URL;
  /** Keycloak's address with its base path. */
  readonly keycloakUrl: string;
  readonly realm: string;
  readonly clientId: string;
  readonly apiUrl: string;
  /** Where the built page goes, and is served from. */
  readonly pageFolder: string;
}

/**
 * Builds `examples/frontend-vue` with the settings, serves it with the headers that a server should send, and waits until it
 * answers.
 *
 * @throws ExplainedError (1) if it cannot be built or does not come up
 */
export async function startFrontend(options: FrontendOptions, log: Log): Promise<Part> {
  const { url, keycloakUrl, realm, clientId, apiUrl, pageFolder } = options;
  const variables = {
    VITE_KEYCLOAK_URL: keycloakUrl,
    VITE_KEYCLOAK_REALM: realm,
    VITE_KEYCLOAK_CLIENT_ID: clientId,
    VITE_API_URL: apiUrl,
  };
  const built = await execa(vite, ["build", "--outDir", pageFolder, "--emptyOutDir"], {
    cwd: folder,
    env: variables,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  if (built.failed)
    throw new ExplainedError(1, `the frontend cannot be built\n${lastLines(built.all)}`);
  const args = [
    ...["preview", "--outDir", pageFolder],
    ...["--host", url.hostname, "--port", url.port || "80", "--strictPort"],
  ];
  const part = startPart({ name: "frontend", command: vite, args, folder, variables }, log);
  return whenReady(part, () => answers(url.href));
}
