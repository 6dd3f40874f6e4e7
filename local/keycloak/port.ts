import { createServer } from "node:net";
import { execa } from "execa";
import { ExplainedError } from "../../text/errors.ts";

const first = 8080;
const last = 8099;

/**
 * A free port: KEYCLOAK_PORT, or the first from 8080 to 8099. A port that is taken is named, with the program that has it.
 *
 * @throws ExplainedError (3) if KEYCLOAK_PORT is taken, or all of them are
 */
export async function choosePort(wanted: string | undefined): Promise<number> {
  if (wanted !== undefined && !/^\d{1,5}$/.test(wanted)) {
    throw new ExplainedError(
      2,
      `KEYCLOAK_PORT: ${JSON.stringify(wanted)} is no port; write a number such as ${first}`,
    );
  }
  if (wanted !== undefined) {
    if (await isFree(Number(wanted))) return Number(wanted);
    throw new ExplainedError(
      3,
      `port ${wanted} is taken by ${await holder(Number(wanted))}; end it, or name another in KEYCLOAK_PORT`,
    );
  }
  for (let port = first; port <= last; port += 1) {
    if (await isFree(port)) return port;
    console.log(`port ${port} is taken by ${await holder(port)}`);
  }
  throw new ExplainedError(
    3,
    `ports ${first} to ${last} are all taken; name a free one in KEYCLOAK_PORT`,
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
