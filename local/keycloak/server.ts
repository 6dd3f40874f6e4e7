import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fullDisk } from "../disk.ts";
import { answers, endProcessGroup, lastLines, whyNotReady } from "../processes.ts";
import { ExplainedError } from "../../text/errors.ts";

const readyWithinSeconds = 180;

/** What a Keycloak to start is. */
export interface KeycloakOptions {
  /** Keycloak's home folder. */
  readonly home: string;
  /** Where its data and its log go. */
  readonly folder: string;
  readonly port: number;
  /** The path below which it answers, or "". */
  readonly basePath: string;
  /** The administrator that it makes if its data are new. */
  readonly administrator: { readonly username: string; readonly password: string };
}

/** A Keycloak that runs. */
export interface RunningKeycloak {
  /** The first process of its process group. */
  readonly pid: number;
  /** Its address without the base path. */
  readonly url: string;
  readonly basePath: string;
}

/**
 * Starts Keycloak in development mode, for this machine only, in a process group of its own, and waits until it answers.
 *
 * @param signal ends it before it is ready
 * @throws ExplainedError (3) with the log's last lines if it does not come up
 * @see https://www.keycloak.org/server/configuration
 */
export async function startKeycloak(
  options: KeycloakOptions,
  signal?: AbortSignal,
): Promise<RunningKeycloak> {
  const { home, folder, port, basePath, administrator } = options;
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
        ...process.env,
        KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
      },
    },
  );
  await log.close();
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
  child.unref();
  const running = { pid: child.pid ?? 0, url: `http://localhost:${port}`, basePath };
  const failure = await whyNotReady(() => keycloakAnswers(running), ended, readyWithinSeconds);
  if (failure === undefined) return running;
  await endProcessGroup(running.pid);
  throw new ExplainedError(
    3,
    `Keycloak does not come up: ${failure}${await fullDisk(folder)}; its log, ${logFile}, ends with\n${lastLines(await readFile(logFile, "utf8"))}`,
  );
}

/** Whether Keycloak answers at an address. */
export function keycloakAnswers({
  url,
  basePath,
}: Pick<RunningKeycloak, "url" | "basePath">): Promise<boolean> {
  return answers(`${url}${basePath}/realms/master`);
}

/** The file in a Keycloak's folder that its log goes to. */
export function logFileIn(folder: string): string {
  return join(folder, "keycloak.log");
}
