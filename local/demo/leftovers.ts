import { join } from "node:path";
import { stateFolder } from "../../system/folders.ts";
import { withLock } from "../../system/lock.ts";
import { endProcessGroup, processGroups } from "../../system/programs/process-groups.ts";
import { logFileIn } from "../keycloak/server.ts";
import { backendFolder } from "./backend.ts";
import { thirdPartyApp } from "./third-party.ts";

/** The folder of the demo's data, credentials and built frontend. */
export const demoFolder = join(stateFolder, "demo");

/**
 * Does some work as the only demo of this checkout, after it has ended the processes that a killed demo left.
 *
 * @throws UnavailableError if another demo runs
 */
export function asOnlyDemo<T>(work: () => Promise<T>, interrupted: AbortSignal): Promise<T> {
  const options = {
    waiting: "another npm run demo is running in this checkout, or was killed; waiting for it …",
    busy: "another npm run demo is running in this checkout; press Ctrl-C there, then run this again",
    interrupted,
  };
  // next to the folder, because npm run reset deletes the folder; no environment has a lock with this name
  return withLock(`${stateFolder}-demo.lock`, options, async () => {
    await endLeftovers();
    return work();
  });
}

/** Parts of the programs' command lines. Other programs may use the same files, such as `tail -f` with Keycloak's log. */
const marks = [
  ` -m gunicorn --config ${join(backendFolder, "gunicorn.conf.py")} --pid ${demoFolder}/`,
  ` preview --outDir ${demoFolder}/`,
  ` ${thirdPartyApp} watch --every `,
  `tail -n 0 -F ${logFileIn(stateFolder)} `,
];

async function endLeftovers(): Promise<void> {
  const groups = await processGroups((line) => marks.some((mark) => line.includes(mark)));
  if (groups.length === 0) return;
  console.log("ending the processes that a killed demo left …");
  await Promise.all(groups.map(endProcessGroup));
}
