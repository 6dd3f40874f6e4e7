import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { keycloakAnswers } from "../../operations/keycloak/admin.ts";
import { fullDisk } from "../../system/disk.ts";
import { endProcessGroup, lastLines, whyNotReady } from "../../system/processes.ts";
import { UnavailableError } from "../../text/errors.ts";

const readyWithinSeconds = 180;

/** A Keycloak to start. */
export interface KeycloakOptions {
  /** Keycloak's home folder. */
  readonly home: string;
  /** The folder of its data and its log. */
  readonly folder: string;
  readonly port: number;
  /** The path below which it answers, or "". */
  readonly basePath: string;
  /** The administrator that it creates if it has no data yet. */
  readonly administrator: { readonly username: string; readonly password: string };
  /** The environment variables that it runs with. */
  readonly variables: NodeJS.ProcessEnv;
}

/** A Keycloak that runs. */
export interface RunningKeycloak {
  /** The first process of its process group. */
  readonly pid: number;
  /** Its address without the base path. */
  readonly url: string;
  readonly basePath: string;
  /** Its address with the base path. */
  readonly baseUrl: string;
}

/**
 * Starts Keycloak in development mode, for this machine only, in its own process group, and waits until it answers.
 *
 * @param signal ends it before it is ready
 * @throws UnavailableError with the last lines of its log if it does not start
 * @see https://www.keycloak.org/server/configuration
 */
export async function startKeycloak(
  options: KeycloakOptions,
  signal?: AbortSignal,
): Promise<RunningKeycloak> {
  const { home, folder, port, basePath, administrator, variables } = options;
  const logFile = logFileIn(folder);
  const log = await open(logFile, "w", 0o600);
  const child = spawn(
    join(home, "bin/kc.sh"),
    [
      "start-dev",
      "--http-host=127.0.0.1",
      `--http-port=${port}`,
      `--http-relative-path=${basePath || "/"}`,
      "--db=dev-file",
      `--db-url=jdbc:h2:file:${join(folder, "keycloak")};NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0`,
    ],
    {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: {
        ...variables,
        KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
      },
    },
  );
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("exit", (code) => {
      resolve(`it ended with exit status ${code ?? "none"}`);
    });
    signal?.addEventListener("abort", () => {
      resolve("it was interrupted");
    });
  });
  await log.close();
  child.unref();
  const url = `http://localhost:${port}`;
  const running = { pid: child.pid ?? 0, url, basePath, baseUrl: url + basePath };
  const isReady = () => keycloakAnswers(running.baseUrl);
  const failure = await whyNotReady(isReady, ended, readyWithinSeconds);
  if (failure === undefined) return running;
  await endProcessGroup(running.pid);
  throw new UnavailableError(
    `Keycloak does not start: ${failure}${await fullDisk(folder)}; its log, ${logFile}, ends with\n${lastLines(await readFile(logFile, "utf8"))}`,
  );
}

/** The log file in a Keycloak's folder. */
export function logFileIn(folder: string): string {
  return join(folder, "keycloak.log");
}
