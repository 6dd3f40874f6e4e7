import { setTimeout as sleep } from "node:timers/promises";
import { stateFolder } from "../folders.ts";
import { logFileIn, type RunningKeycloak } from "../keycloak/server.ts";
import { isRunning } from "../processes.ts";
import { type Log, type Part, startPart } from "./part.ts";

/** The Keycloak of this checkout, which runs already, as a part: what it logs from now on is followed. */
export function followKeycloak({ pid }: RunningKeycloak, log: Log): Part {
  const following = startPart(
    {
      name: "keycloak",
      command: "tail",
      args: ["-n", "0", "-F", logFileIn(stateFolder())],
      folder: stateFolder(),
      variables: {},
    },
    log,
  );
  const watch = new AbortController();
  return {
    name: "keycloak",
    lastLines: following.lastLines,
    ended: untilGone(pid, watch.signal),
    stop: async () => {
      watch.abort();
      await following.stop();
    },
  };
}

async function untilGone(pid: number, signal: AbortSignal): Promise<string> {
  while (isRunning(pid) && !signal.aborted)
    await sleep(500, undefined, { signal }).catch(() => undefined);
  return "it is gone";
}
