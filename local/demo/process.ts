import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { endProcessGroup } from "../../system/programs/process-groups.ts";
import { lastLines, whyNotReady } from "../../system/programs/readiness.ts";
import { withoutCredentials } from "../../system/programs/without-credentials.ts";
import { FailedError } from "../../text/errors.ts";

/** Receives every line that a process of the demo prints. */
export type Log = (name: string, line: string) => void;

/** The environment of a program of the demo. */
export interface ProgramEnvironment {
  /** The environment variables of the demo. The program gets only those that hold no credentials. */
  readonly inherited: NodeJS.ProcessEnv;
  /**
   * Its own environment variables.
   * @default none
   */
  readonly variables?: NodeJS.ProcessEnv;
}

/** A process to start. */
export interface ProcessOptions extends ProgramEnvironment {
  /** Its name, which is printed before each of its lines. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The folder that it runs in. */
  readonly folder: string;
}

/** All environment variables of a program. */
export function programVariables({ inherited, variables }: ProgramEnvironment): NodeJS.ProcessEnv {
  return { ...withoutCredentials(inherited), ...variables };
}

/** A process of the demo that runs. */
export interface DemoProcess {
  readonly name: string;
  /** Settles when the process ends, with how it ended. */
  readonly ended: Promise<string>;
  /** The last lines that it printed, indented. */
  readonly lastLines: () => string;
  /** Ends it and everything that it has started. */
  readonly stop: () => Promise<void>;
}

/** Starts a process in its own process group, which Ctrl-C in a terminal does not reach. */
export function startProcess(options: ProcessOptions, log: Log): DemoProcess {
  const { name, command, args, folder } = options;
  const child = execa(command, args, {
    cwd: folder,
    env: programVariables(options),
    extendEnv: false,
    stdin: "ignore",
    all: true,
    buffer: false,
    reject: false,
    detached: true,
  });
  let last: string[] = [];
  const printing = (async () => {
    for await (const line of child.iterable({ from: "all" })) {
      last = [...last, line].slice(-20);
      log(name, line);
    }
  })();
  const ended = (async () => {
    const result = await child;
    // a process that it started may keep its output open
    await Promise.race([printing, sleep(1_000, undefined, { ref: false })]);
    if (result.signal) return `it was ended by ${result.signal}`;
    if (result.exitCode === undefined) return result.shortMessage ?? "it cannot be started";
    return `it ended with exit status ${result.exitCode}`;
  })();
  return {
    name,
    ended,
    lastLines: () => lastLines(last.join("\n")),
    stop: async () => {
      await endProcessGroup(child.pid ?? 0);
      await ended;
    },
  };
}

/**
 * Waits 60 s for a process to answer, and ends it if it does not.
 *
 * @throws FailedError with the reason, and its last lines
 */
export async function whenReady(
  started: DemoProcess,
  isReady: () => Promise<boolean>,
): Promise<DemoProcess> {
  const failure = await whyNotReady(isReady, started.ended, 60);
  if (failure === undefined) return started;
  await started.stop();
  throw new FailedError(`the ${started.name} does not start: ${failure}\n${started.lastLines()}`);
}
