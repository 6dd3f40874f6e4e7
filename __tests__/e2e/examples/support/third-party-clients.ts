import { readdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type AppVariables, thirdPartyFolder } from "../../../../local/demo/third-party.ts";
import { virtualEnvironment } from "../../../../system/programs/python.ts";

/** The clients of `examples/third-party/`. */
export const clients = ["curl", "python", "node"] as const;

/** One of {@link clients}. */
export type Client = (typeof clients)[number];

/** Output and exit status of a client. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A customer's settings. */
export interface Settings extends AppVariables {
  /** @default the clients' own */
  readonly RETRY_SECONDS?: string;
}

/** The output of all clients. */
export const outputs: string[] = [];

/** Creates the virtual environment of the Python client, which may take minutes. @returns the folder with its programs */
export function preparePython(): Promise<string> {
  return virtualEnvironment([join(thirdPartyFolder, "python/requirements.txt")], process.env);
}

/** Runs a client as its README describes. */
export async function run(client: Client, args: string[], settings: Settings): Promise<Ran> {
  const [command, ...first] = await commandOf[client]();
  const { exitCode, stdout, stderr } = await execa(
    command,
    [...first, ...args],
    options(client, settings),
  );
  outputs.push(stdout, stderr);
  return { exitCode, stdout, stderr };
}

const commandOf: Record<Client, () => Promise<[string, ...string[]]>> = {
  curl: () => Promise.resolve(["./orders.sh"]),
  python: async () => [join(await preparePython(), "python"), "orders.py"],
  node: () => Promise.resolve([process.execPath, "orders.mjs"]),
};

/** Starts `watch` of the Node client. */
export function startWatching(settings: Settings) {
  return execa(process.execPath, ["orders.mjs", "watch", "--every", "1"], {
    ...options("node", settings),
    all: true,
  });
}

function options(client: Client, settings: Settings) {
  return {
    cwd: join(thirdPartyFolder, client),
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1", ...settings },
    extendEnv: false,
    reject: false,
  } as const;
}

/** The command lines of all processes on this machine, which every user can read. */
export async function commandLines(): Promise<string[]> {
  if (!existsSync("/proc/self/cmdline")) {
    return (await execa("ps", ["-A", "-ww", "-o", "args"])).stdout.split("\n");
  }
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  // a process may have ended in the meantime
  const texts = processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(texts)).map((text) => text.replaceAll("\0", " "));
}
