import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fullDisk } from "../disk.ts";
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
  const logFile = join(folder, "keycloak.log");
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
  const failure = await notReady(running, ended);
  if (failure === undefined) return running;
  await stopKeycloak(running.pid);
  throw new ExplainedError(
    3,
    `Keycloak does not come up: ${failure}${await fullDisk(folder)}; its log, ${logFile}, ends with\n${await tail(logFile)}`,
  );
}

/** Waits until Keycloak answers. @returns why it never will */
async function notReady(
  running: RunningKeycloak,
  ended: Promise<string>,
): Promise<string | undefined> {
  const end = Date.now() + readyWithinSeconds * 1_000;
  while (Date.now() < end) {
    if (await answers(running)) return undefined;
    const failure = await Promise.race([ended, sleep(500)]);
    if (failure !== undefined) return failure;
  }
  return `it does not answer after ${readyWithinSeconds} s`;
}

/** Whether Keycloak answers at an address. */
export async function answers({
  url,
  basePath,
}: Pick<RunningKeycloak, "url" | "basePath">): Promise<boolean> {
  try {
    return (await fetch(`${url}${basePath}/realms/master`, { signal: AbortSignal.timeout(5_000) }))
      .ok;
  } catch {
    return false;
  }
}

/** Ends a Keycloak's process group: asks, and after 20 s insists. */
export async function stopKeycloak(pid: number): Promise<void> {
  for (const [signal, seconds] of [
    ["SIGTERM", 20],
    ["SIGKILL", 5],
  ] as const) {
    for (let waited = 0; waited < seconds * 10; waited += 1) {
      if (!send(pid, waited === 0 ? signal : 0)) return;
      await sleep(100);
    }
  }
}

function send(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return group > 0 && process.kill(-group, signal);
  } catch {
    return false;
  }
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+(at |\.\.\.)/.test(line));
  return lines
    .slice(-8)
    .map((line) => `  ${line}`)
    .join("\n");
}
