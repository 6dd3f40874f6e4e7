import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../folders.ts";
import { answers } from "../processes.ts";
import { virtualEnvironment } from "../python.ts";
import { type Log, type Part, startPart, whenReady } from "./part.ts";

/** The folder of the example that runs. */
export const backendFolder = join(checkout, "examples/backend-flask");

/** How the backend runs; its README says what each setting is for. */
export interface BackendOptions {
  readonly port: number;
  readonly issuer: string;
  readonly audience: string;
  readonly frontendOrigin: string;
  /** Where it keeps its orders and counts calls. */
  readonly dataFolder: string;
  /** @default the backend's own */
  readonly rateLimit?: string;
}

/**
 * Makes sure that the backend can be started.
 *
 * @returns the folder with Python's programs
 * @throws ExplainedError (3) if Python or a package is missing
 */
export function prepareBackend(): Promise<string> {
  return virtualEnvironment(join(backendFolder, "requirements.txt"));
}

/**
 * Starts `examples/backend-flask`, and waits until it answers.
 *
 * @throws ExplainedError (3) if Python or its packages are missing, (1) if it does not come up
 */
export async function startBackend(options: BackendOptions, log: Log): Promise<Part> {
  const { port, issuer, audience, frontendOrigin, dataFolder, rateLimit } = options;
  const programs = await prepareBackend();
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const part = startPart(
    {
      name: "backend",
      command: join(programs, "gunicorn"),
      args: [
        ...["--config", join(backendFolder, "gunicorn.conf.py")],
        ...["--bind", `127.0.0.1:${port}`, "--workers", "2"],
        ...["--pid", join(dataFolder, "backend.pid")],
      ],
      folder: backendFolder,
      variables: {
        OIDC_ISSUER: issuer,
        OIDC_AUDIENCE: audience,
        FRONTEND_ORIGIN: frontendOrigin,
        DATABASE_PATH: join(dataFolder, "orders.sqlite"),
        RATE_LIMIT_STORAGE_URI: `sqlite:///${join(dataFolder, "rate-limits.sqlite")}`,
        RATE_LIMIT: rateLimit,
        PYTHONUNBUFFERED: "1",
      },
    },
    log,
  );
  return whenReady(part, () => answers(`http://127.0.0.1:${port}/healthz`));
}
