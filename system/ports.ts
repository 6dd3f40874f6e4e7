import { randomInt } from "node:crypto";
import { execa } from "execa";
import getPort, { clearLockedPorts, portNumbers } from "get-port";
import { UnavailableError } from "../text/errors.ts";

/**
 * The first free port of a range. Prints each taken port before it, with the program that uses it.
 *
 * @returns undefined if all are taken
 */
export async function firstFreePort(first: number, last: number): Promise<number | undefined> {
  const port = await getPort({ port: portNumbers(first, last) });
  const free = port >= first && port <= last ? port : undefined;
  for (let taken = first; taken < (free ?? last + 1); taken += 1)
    console.log(`port ${taken} is used by ${await holder(taken)}`);
  return free;
}

/**
 * Makes sure that a port is free.
 *
 * @param otherwise the fix if it is not, for the message
 * @throws UnavailableError with the program that uses it
 */
export async function needPort(port: number, otherwise: string): Promise<void> {
  if (await isFree(port)) return;
  throw new UnavailableError(
    `port ${port} is used by ${await holder(port)}; stop it, or ${otherwise}`,
  );
}

/**
 * A free port for a program that starts later. It is none of those that systems give to servers and connections that name no port (from 32768
 * on Linux), so that nobody else gets it meanwhile.
 */
export function freePort(): Promise<number> {
  const first = randomInt(10_000, 30_000);
  return getPort({ port: portNumbers(first, first + 1_000) });
}

/** Whether nothing listens on a port of this machine, on any of its addresses. */
export async function isFree(port: number): Promise<boolean> {
  // it counts a port that it has returned before as used for some time
  clearLockedPorts();
  return (await getPort({ port })) === port;
}

async function holder(port: number): Promise<string> {
  const { stdout: pids } = await execa("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"], {
    reject: false,
  });
  const pid = /^\d+/.exec(pids)?.[0];
  if (pid === undefined) return "another program";
  const { stdout: command } = await execa("ps", ["-o", "comm=", "-p", pid], { reject: false });
  return `${command || "another program"} (process ${pid})`;
}
