import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { keycloakAnswers } from "../../operations/keycloak/admin.ts";
import { stateFolder } from "../../system/folders.ts";
import { firstFreePort, isFree, needPort } from "../../system/ports.ts";
import { endProcessGroup } from "../../system/processes.ts";
import { needProgram } from "../../system/programs.ts";
import { UnavailableError, UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { ensureLogins } from "../logins.ts";
import { findKeycloak } from "./distribution.ts";
import { type RunningKeycloak, startKeycloak } from "./server.ts";

const firstPort = 8080;
const lastPort = 8099;

interface Run {
  readonly pid: number;
  readonly url: string;
  readonly basePath: string;
  readonly port: number;
}

/** Options of the local Keycloak. */
export interface LocalKeycloakOptions {
  /** The path below which it answers, or "". */
  readonly basePath: string;
  readonly variables: NodeJS.ProcessEnv;
  /** Ends it before it is ready. */
  readonly interrupted: AbortSignal;
}

/**
 * Makes sure that the Keycloak of this checkout runs, with the data and on the port that it had before.
 *
 * @returns the server, and whether this call started it
 * @throws UnavailableError if it does not start
 */
export async function ensureLocalKeycloak({
  basePath,
  variables,
  interrupted,
}: LocalKeycloakOptions): Promise<RunningKeycloak & { startedNow: boolean }> {
  const before = await readRun();
  if (before?.basePath === basePath && (await isOurs(before))) {
    const running = runningKeycloak(before);
    if (await keycloakAnswers(running.baseUrl)) return { ...running, startedNow: false };
  }
  await stopLocalKeycloak();
  await needProgram("java", variables);
  const home = await findKeycloak(basePath, variables);
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const port = await choosePort(before, variables);
  const { administrator } = await ensureLogins();
  console.log(`starting Keycloak on port ${port} …`);
  const running = await startKeycloak(
    { home, folder: stateFolder, port, basePath, administrator, variables },
    interrupted,
  );
  const { pid, url } = running;
  const run: Run = { pid, url, basePath, port };
  await writeFile(runFile, JSON.stringify(run), { mode: 0o600 });
  return { ...running, startedNow: true };
}

/** The Keycloak of this checkout; undefined if it does not run. */
export async function localKeycloak(): Promise<RunningKeycloak | undefined> {
  const run = await readRun();
  return run && (await isOurs(run)) ? runningKeycloak(run) : undefined;
}

/** Stops the Keycloak of this checkout. @returns whether it was running */
export async function stopLocalKeycloak(): Promise<boolean> {
  const run = await localKeycloak();
  if (run) await endProcessGroup(run.pid);
  return run !== undefined;
}

/** Deletes everything of this checkout: Keycloak's data, the logins, terraform's state. @returns whether there was anything */
export async function deleteLocalKeycloak(): Promise<boolean> {
  await stopLocalKeycloak();
  const existed = existsSync(stateFolder);
  await rm(stateFolder, { recursive: true, force: true });
  return existed;
}

const runFile = join(stateFolder, "keycloak.json");

async function readRun(): Promise<Run | undefined> {
  try {
    return JSON.parse(await readFile(runFile, "utf8")) as Run;
  } catch {
    return undefined;
  }
}

function runningKeycloak({ pid, url, basePath }: Run): RunningKeycloak {
  return { pid, url, basePath, baseUrl: url + basePath };
}

/** Process ids are reused, so only a process that was started with our folder is ours. */
async function isOurs({ pid }: Run): Promise<boolean> {
  const { stdout } = await execa("ps", ["-ww", "-o", "args=", "-p", String(pid)], {
    reject: false,
  });
  return stdout.includes(stateFolder);
}

/** KEYCLOAK_PORT, or the port that Keycloak had before, or the first free one from 8080 on. */
async function choosePort(
  before: Run | undefined,
  { KEYCLOAK_PORT }: NodeJS.ProcessEnv,
): Promise<number> {
  if (KEYCLOAK_PORT) {
    if (!/^\d{1,5}$/.test(KEYCLOAK_PORT))
      throw new UsageError(
        `KEYCLOAK_PORT: ${quoted(KEYCLOAK_PORT)} is not a port; set a number such as ${firstPort}`,
      );
    await needPort(Number(KEYCLOAK_PORT), "set another port in KEYCLOAK_PORT");
    return Number(KEYCLOAK_PORT);
  }
  if (before && (await isFree(before.port))) return before.port;
  const port = await firstFreePort(firstPort, lastPort);
  if (port !== undefined) return port;
  throw new UnavailableError(
    `ports ${firstPort} to ${lastPort} are all in use; set a free one in KEYCLOAK_PORT`,
  );
}
