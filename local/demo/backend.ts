import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../system/folders.ts";
import { answers } from "../../system/programs/readiness.ts";
import { virtualEnvironment } from "../../system/programs/python.ts";
import { type DemoProcess, type Log, startProcess, whenReady } from "./process.ts";

/** The folder of the example. */
export const backendFolder = join(checkout, "examples/backend-flask");

/** Settings of the backend; the example's README describes each. */
export interface BackendOptions {
  readonly port: number;
  /**
   * The API's address for its callers.
   * @default that of the port
   */
  readonly url?: string;
  readonly issuer: string;
  readonly audience: string;
  readonly frontendOrigin: string;
  /**
   * The claim with what a person's roles permit.
   * @default none: the API has no roles
   */
  readonly permissionsClaim?: string;
  /** The folder of its orders. */
  readonly dataFolder: string;
  /** @default the backend's own */
  readonly rateLimit?: string;
  /**
   * The header in which a proxy passes on the certificates of callers.
   * @default none: there is no proxy
   */
  readonly certificateHeader?: string;
  /** The environment variables that it runs with. */
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * Makes sure that the backend can be started.
 *
 * @param interrupted ends an installation of packages
 * @returns the folder with Python's programs
 * @throws UnavailableError if Python or a package is missing
 */
export function prepareBackend(
  variables: NodeJS.ProcessEnv,
  interrupted?: AbortSignal,
): Promise<string> {
  return virtualEnvironment([join(backendFolder, "requirements.txt")], variables, interrupted);
}

/**
 * Starts `examples/backend-flask`, and waits until it answers.
 *
 * @throws UnavailableError if Python or a package is missing
 * @throws FailedError if it does not start
 */
export async function startBackend(options: BackendOptions, log: Log): Promise<DemoProcess> {
  const { port, issuer, audience, frontendOrigin, permissionsClaim, dataFolder } = options;
  const programs = await prepareBackend(options.variables);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const backend = startProcess(
    {
      name: "backend",
      // a script of its own would name Python by a path, which must not contain a quote there
      command: join(programs, "python"),
      args: [
        ...["-m", "gunicorn"],
        ...["--config", join(backendFolder, "gunicorn.conf.py")],
        ...["--pid", join(dataFolder, "backend.pid")],
        ...["--bind", `127.0.0.1:${port}`],
      ],
      folder: backendFolder,
      inherited: options.variables,
      variables: {
        API_URL: options.url ?? `http://localhost:${port}`,
        OIDC_ISSUER: issuer,
        OIDC_AUDIENCE: audience,
        FRONTEND_ORIGIN: frontendOrigin,
        // only an explicitly empty claim says that the API has no roles
        PERMISSIONS_CLAIM: permissionsClaim ?? "",
        DATABASE_PATH: join(dataFolder, "orders.sqlite"),
        RATE_LIMIT: options.rateLimit,
        ...(options.certificateHeader !== undefined && {
          ...{ TRUSTED_PROXIES: "1", CLIENT_CERTIFICATE_HEADER: options.certificateHeader },
        }),
        PYTHONUNBUFFERED: "1",
      },
    },
    log,
  );
  return whenReady(backend, () => answers(`http://127.0.0.1:${port}/healthz`));
}
