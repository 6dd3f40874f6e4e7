import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ExplainedError } from "../../text/errors.ts";
import { stateFolder } from "../folders.ts";
import { ensureLogins } from "../logins.ts";
import { firstFreePort, isFree, needPort } from "../port.ts";
import { endProcessGroup } from "../processes.ts";
import { needProgram } from "../programs.ts";
import { findKeycloak } from "./distribution.ts";
import { keycloakAnswers, type RunningKeycloak, startKeycloak } from "./server.ts";

const firstPort = 8080;
const lastPort = 8099;

interface Run extends RunningKeycloak {
  readonly port: number;
}

/**
 * Makes sure that the Keycloak of this checkout runs, on the data and the port that it had.
 *
 * @param signal ends it before it is ready
 * @returns the server, and whether this call started it
 * @throws ExplainedError (3) if it does not come up
 */
export async function ensureOwnKeycloak(
  basePath: string,
  signal: AbortSignal,
): Promise<RunningKeycloak & { startedNow: boolean }> {
  const before = await readRun();
  if (before?.basePath === basePath && (await isOurs(before)) && (await keycloakAnswers(before))) {
    return { ...before, startedNow: false };
  }
  await stopOwnKeycloak();
  await needProgram("java", process.env);
  const home = await findKeycloak(basePath, process.env);
  const folder = stateFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const port = await portFor(before);
  const { administrator } = await ensureLogins();
  console.log(`Keycloak starts on port ${port} …`);
  const running = await startKeycloak({ home, folder, port, basePath, administrator }, signal);
  const run: Run = { ...running, port };
  await writeFile(runFile(), JSON.stringify(run), { mode: 0o600 });
  return { ...running, startedNow: true };
}

/** The Keycloak of this checkout, if it runs. */
export async function ownKeycloak(): Promise<RunningKeycloak | undefined> {
  const run = await readRun();
  return run && (await isOurs(run)) ? run : undefined;
}

/** Ends the Keycloak of this checkout. @returns whether it ran */
export async function stopOwnKeycloak(): Promise<boolean> {
  const run = await ownKeycloak();
  if (run) await endProcessGroup(run.pid);
  return run !== undefined;
}

/** Forgets all of this checkout: Keycloak's data, the logins, terraform's state. @returns whether there was any */
export async function forgetOwnKeycloak(): Promise<boolean> {
  await stopOwnKeycloak();
  const existed = existsSync(stateFolder());
  await rm(stateFolder(), { recursive: true, force: true });
  return existed;
}

function runFile(): string {
  return join(stateFolder(), "keycloak.json");
}

async function readRun(): Promise<Run | undefined> {
  try {
    return JSON.parse(await readFile(runFile(), "utf8")) as Run;
  } catch {
    return undefined;
  }
}

/** Process ids are used again: only a process that was started on our folder is ours. */
async function isOurs({ pid }: Run): Promise<boolean> {
  const { stdout } = await execa("ps", ["-ww", "-o", "args=", "-p", String(pid)], {
    reject: false,
  });
  return stdout.includes(stateFolder());
}

/** KEYCLOAK_PORT, or the port that Keycloak had, or the first free one from 8080. */
async function portFor(before: Run | undefined): Promise<number> {
  const { KEYCLOAK_PORT } = process.env;
  if (KEYCLOAK_PORT) {
    if (!/^\d{1,5}$/.test(KEYCLOAK_PORT)) {
      throw new ExplainedError(
        2,
        `KEYCLOAK_PORT: ${JSON.stringify(KEYCLOAK_PORT)} is no port; write a number such as ${firstPort}`,
      );
    }
    await needPort(Number(KEYCLOAK_PORT), "name another in KEYCLOAK_PORT");
    return Number(KEYCLOAK_PORT);
  }
  if (before && (await isFree(before.port))) return before.port;
  const port = await firstFreePort(firstPort, lastPort);
  if (port !== undefined) return port;
  throw new ExplainedError(
    3,
    `ports ${firstPort} to ${lastPort} are all taken; name a free one in KEYCLOAK_PORT`,
  );
}
