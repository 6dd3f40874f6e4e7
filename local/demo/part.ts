import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { ExplainedError } from "../../text/errors.ts";
import { endProcessGroup, lastLines, whyNotReady } from "../processes.ts";

/** Hears every line that a part prints. */
export type Log = (part: string, line: string) => void;

/** What to run. */
export interface PartOptions {
  /** Its name, before each of its lines. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The folder that it runs in. */
  readonly folder: string;
  /** Variables beside those of this process. */
  readonly variables: NodeJS.ProcessEnv;
}

/** A program of the demo that runs. */
export interface Part {
  readonly name: string;
  /** Settles when it ends, with how it ended. */
  readonly ended: Promise<string>;
  /** The last lines that it printed, indented. */
  readonly lastLines: () => string;
  /** Ends it and all that it has started. */
  readonly stop: () => Promise<void>;
}

/** Starts a part, in a process group of its own, which a terminal's Ctrl-C does not reach. */
export function startPart(options: PartOptions, log: Log): Part {
  const { name, command, args, folder, variables } = options;
  const child = execa(command, args, {
    cwd: folder,
    env: variables,
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
    // what it started may hold its output open
    await Promise.race([printing, sleep(1_000)]);
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
 * Waits until a part answers; one that does not is ended.
 *
 * @throws ExplainedError (1) with why, and its last lines
 */
export async function whenReady(part: Part, isReady: () => Promise<boolean>): Promise<Part> {
  const failure = await whyNotReady(isReady, part.ended, 60);
  if (failure === undefined) return part;
  await part.stop();
  throw new ExplainedError(1, `the ${part.name} does not come up: ${failure}\n${part.lastLines()}`);
}
