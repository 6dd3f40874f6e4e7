import { createServer } from "node:net";
import { execa } from "execa";
import { ExplainedError } from "../text/errors.ts";

/**
 * The first free port of a range. Those that are taken are named, each with the program that has it.
 *
 * @returns undefined if all are taken
 */
export async function firstFreePort(first: number, last: number): Promise<number | undefined> {
  for (let port = first; port <= last; port += 1) {
    if (await isFree(port)) return port;
    console.log(`port ${port} is taken by ${await holder(port)}`);
  }
  return undefined;
}

/**
 * Makes sure that a port is free.
 *
 * @param otherwise what to do if it is not
 * @throws ExplainedError (3) that names the program that has it
 */
export async function needPort(port: number, otherwise: string): Promise<void> {
  if (await isFree(port)) return;
  throw new ExplainedError(
    3,
    `port ${port} is taken by ${await holder(port)}; end it, or ${otherwise}`,
  );
}

/** A port that is free now, chosen by the operating system. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1" }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  });
}

/** Whether nothing listens on a port of this machine, on any of its addresses. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ port, exclusive: true }, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
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
