import { mkdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { z } from "zod";
import { keycloakAnswers } from "../../operations/keycloak/login/admin.ts";
import { stateFolder } from "../../system/folders.ts";
import { isFree } from "../../system/ports.ts";
import { endProcessGroup } from "../../system/programs/process-groups.ts";
import { needProgram } from "../../system/programs/programs.ts";
import { ensureLogins, type Logins } from "../logins.ts";
import { StateFile } from "../state-file.ts";
import { findKeycloak } from "./distribution.ts";
import { choosePort, needWantedPort, portOf } from "./port.ts";
import { keycloaksIn, type RunningKeycloak, startKeycloak } from "./server.ts";

/** The Keycloak that was started last. */
const run = z.object({
  pid: z.number(),
  url: z.string(),
  basePath: z.string(),
  port: z.number(),
});

const runFile = new StateFile(
  "keycloak.json",
  run,
  "run npm stop, which deletes only this file, or npm run reset, which deletes all of Keycloak's data",
);

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
export async function ensureLocalKeycloak(
  options: LocalKeycloakOptions,
): Promise<RunningKeycloak & { startedNow: boolean }> {
  const { basePath, variables, interrupted } = options;
  const running = await localKeycloak();
  if (
    running?.basePath === basePath &&
    [undefined, running.port].includes(portOf(variables)) &&
    (await keycloakAnswers(running.baseUrl))
  )
    return { ...running, startedNow: false };
  // everything that can fail comes first, so that a Keycloak that has to move keeps running then
  await needProgram("java", variables);
  if (running) await needWantedPort(variables, running.port);
  const home = await findKeycloak(basePath, variables, interrupted);
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const { administrator } = await ensureLogins();
  interrupted.throwIfAborted();
  await stopLocalKeycloak();
  return { ...(await startIn(home, administrator, options)), startedNow: true };
}

async function startIn(
  home: string,
  administrator: Logins["administrator"],
  options: LocalKeycloakOptions,
): Promise<RunningKeycloak> {
  const { basePath, variables, interrupted } = options;
  const port = await choosePort((await runFile.read())?.port, variables);
  console.log(`starting Keycloak on port ${port} …`);
  try {
    return await startKeycloak(
      {
        ...{ home, folder: stateFolder, port, basePath, administrator, variables },
        onProcess: ({ pid, url }) => runFile.write({ pid, url, basePath, port }),
      },
      interrupted,
    );
  } catch (error) {
    interrupted.throwIfAborted();
    // if another program has taken the port in the meantime, choosePort finds the next one or explains
    if (await isFree(port)) throw error;
  }
  return startIn(home, administrator, options);
}

/**
 * The Keycloak of this checkout; undefined if it does not run.
 *
 * @throws UnavailableError if the file that describes it is damaged
 */
export async function localKeycloak(): Promise<RunningKeycloak | undefined> {
  const found = await runFile.read();
  // process ids are reused
  if (!found || !(await keycloaksIn(stateFolder)).includes(found.pid)) return undefined;
  return { ...found, baseUrl: found.url + found.basePath };
}

/** Stops the Keycloak of this checkout if it is still this one. */
export async function stopKeycloak({ pid }: RunningKeycloak): Promise<void> {
  // process ids are reused
  if ((await keycloaksIn(stateFolder)).includes(pid)) await endProcessGroup(pid);
}

/** Stops the Keycloak of this checkout, even if no file describes it. @returns whether it was running */
export async function stopLocalKeycloak(): Promise<boolean> {
  const groups = await keycloaksIn(stateFolder);
  await Promise.all(groups.map(endProcessGroup));
  // remembers the port, unless it is damaged
  await runFile.read().catch(() => rm(runFile.path));
  return groups.length > 0;
}

/** Deletes everything of this checkout: Keycloak's data, the logins, terraform's state. @returns whether there was anything */
export async function deleteLocalKeycloak(): Promise<boolean> {
  await stopLocalKeycloak();
  const existed = existsSync(stateFolder);
  await rm(stateFolder, { recursive: true, force: true });
  return existed;
}
