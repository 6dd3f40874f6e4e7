import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { keycloakAnswers } from "../../operations/keycloak/login/admin.ts";
import { fullDisk } from "../../system/disk.ts";
import { projectName } from "../../system/folders.ts";
import { endProcessGroup, processGroups } from "../../system/programs/process-groups.ts";
import { lastLines, whyNotReady } from "../../system/programs/readiness.ts";
import { UnavailableError } from "../../text/errors.ts";

const readyWithinSeconds = 180;

/**
 * Java's thresholds for thorough compilation, thirty times their defaults. A start takes less CPU time, because little is compiled
 * thoroughly. Without any, the arithmetic of a realm's keys and of password hashes would take several times as long.
 */
const quickStart = [
  "-XX:Tier4InvocationThreshold=150000",
  "-XX:Tier4MinInvocationThreshold=18000",
  "-XX:Tier4CompileThreshold=450000",
  "-XX:Tier4BackEdgeThreshold=1200000",
].join(" ");

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
  /**
   * Whether it will answer many thousands of requests. Then Java compiles thoroughly from the beginning, which takes CPU time.
   * @default false
   */
  readonly isBusy?: boolean;
  /** The environment variables that it runs with. */
  readonly variables: NodeJS.ProcessEnv;
  /** Called as soon as its process exists, long before it answers. */
  readonly onProcess?: (keycloak: RunningKeycloak) => Promise<void>;
}

/** A Keycloak that runs. */
export interface RunningKeycloak {
  /** The first process of its process group. */
  readonly pid: number;
  /** Its address without the base path. */
  readonly url: string;
  readonly port: number;
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
  signal?.throwIfAborted();
  const { folder, port, basePath } = options;
  const { pid, ended } = await spawnKeycloak(options, signal);
  const url = `http://localhost:${port}`;
  const running = { pid, url, port, basePath, baseUrl: url + basePath };
  try {
    await options.onProcess?.(running);
    const isReady = async () => (await keycloakAnswers(running.baseUrl)) && (await listens(folder));
    const failure = await whyNotReady(isReady, ended, readyWithinSeconds);
    if (failure === undefined) return running;
    throw new UnavailableError(await failureText(failure, folder));
  } catch (error) {
    await endProcessGroup(pid);
    throw error;
  }
}

async function spawnKeycloak(
  { home, folder, port, basePath, administrator, isBusy = false, variables }: KeycloakOptions,
  signal: AbortSignal | undefined,
): Promise<{ pid: number; ended: Promise<string> }> {
  const log = await open(logFileIn(folder), "w", 0o600);
  const child = spawn(
    join(home, "bin/kc.sh"),
    [
      "start-dev",
      marker(folder),
      "--http-host=127.0.0.1",
      `--http-port=${port}`,
      `--http-relative-path=${basePath || "/"}`,
      // KC_LOG_* variables must not remove the line that reports that it listens
      ...["--log=console", "--log-console-level=all", "--log-level-io.quarkus=info"],
      "--db=dev-file",
      // relative to its working folder: H2 has no escape for a semicolon in a path
      "--db-url=jdbc:h2:file:./keycloak;NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0",
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: {
        ...variables,
        // Java is the one in JAVA_HOME or on PATH, as needProgram checks
        JAVA: undefined,
        JAVA_OPTS_APPEND: `${isBusy ? "" : quickStart} ${variables.JAVA_OPTS_APPEND ?? ""}`,
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
    const interrupt = () => {
      resolve("it was interrupted");
    };
    signal?.addEventListener("abort", interrupt);
    if (signal?.aborted) interrupt();
  });
  await log.close();
  child.unref();
  return { pid: child.pid ?? 0, ended };
}

/** The argument that tells a folder's Keycloak from all other processes. */
function marker(folder: string): string {
  return `-D${projectName}.folder=${folder}`;
}

/**
 * The process groups of the Keycloaks that use a folder.
 *
 * @throws UnavailableError if processes cannot be listed here
 */
export function keycloaksIn(folder: string): Promise<number[]> {
  // earlier versions of this project used the second one, or named the folder only in the database's address
  const marks = [
    ` ${marker(folder)} `,
    ` -Datlas-realm.folder=${folder} `,
    `:file:${folder}/keycloak;`,
  ];
  return processGroups((commandLine) => marks.some((mark) => commandLine.includes(mark)));
}

/** Whether the Keycloak of a folder listens. Its log proves it: on its port, another server may answer. */
async function listens(folder: string): Promise<boolean> {
  return (await readFile(logFileIn(folder), "utf8")).includes("Listening on: ");
}

async function failureText(failure: string, folder: string): Promise<string> {
  const log = await readFile(logFileIn(folder), "utf8");
  const damage = /corrupt/i.test(log)
    ? `; its database, ${databaseFileIn(folder)}, is damaged: restore it, or start again without its data (npm run reset)`
    : "";
  return `Keycloak does not start: ${failure}${damage}${await fullDisk(folder)}; its log, ${logFileIn(folder)}, ends with\n${lastLines(log)}`;
}

/** The database in a Keycloak's folder. Keycloak creates it at its first start. */
export function databaseFileIn(folder: string): string {
  return join(folder, "keycloak.mv.db");
}

/** The log file in a Keycloak's folder. */
export function logFileIn(folder: string): string {
  return join(folder, "keycloak.log");
}
