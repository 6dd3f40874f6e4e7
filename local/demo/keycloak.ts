import { setTimeout as sleep } from "node:timers/promises";
import { stateFolder } from "../../system/folders.ts";
import { logFileIn, type RunningKeycloak } from "../keycloak/server.ts";
import { isRunning } from "../../system/programs/process-groups.ts";
import { type DemoProcess, type Log, startProcess } from "./process.ts";

/** Wraps the running local Keycloak as a process of the demo, which prints what Keycloak logs from now on. */
export function followKeycloak(
  { pid }: RunningKeycloak,
  log: Log,
  variables: NodeJS.ProcessEnv,
): DemoProcess {
  const following = startProcess(
    {
      name: "keycloak",
      command: "tail",
      args: ["-n", "0", "-F", logFileIn(stateFolder)],
      folder: stateFolder,
      inherited: variables,
    },
    log,
  );
  const watch = new AbortController();
  return {
    name: "keycloak",
    lastLines: following.lastLines,
    ended: untilGone(pid, watch.signal).catch(
      (error: unknown) => `it cannot be watched any more: ${String(error)}`,
    ),
    stop: async () => {
      watch.abort();
      await following.stop();
    },
  };
}

async function untilGone(pid: number, signal: AbortSignal): Promise<string> {
  while (!signal.aborted && (await isRunning(pid)))
    await sleep(2_000, undefined, { signal }).catch(() => undefined);
  return "it has stopped";
}
