import { execa } from "execa";
import { interruption } from "../../../system/interruption.ts";
import { endProcessGroup } from "../../../system/programs/process-groups.ts";
import { lastLines } from "../../../system/programs/readiness.ts";
import { FailedError } from "../../../text/errors.ts";
import { PeakMemory } from "./memory.ts";

/** The most seconds that a command may take. */
export const mostSeconds = 1_200;

/** A command that does a work. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly variables: NodeJS.ProcessEnv;
  /** Processes that work for it and run already. */
  readonly helpers?: readonly number[];
}

/** Time and memory of a command. */
export interface Cost {
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * Runs a command, and measures it.
 *
 * @throws FailedError with the end of its output if it fails or takes too long
 * @throws the reason of the interruption
 */
export async function measured(command: Command): Promise<Cost> {
  interruption.throwIfAborted();
  const { program, args, folder, variables, helpers = [] } = command;
  const start = performance.now();
  const child = execa(program, args, {
    ...{ cwd: folder, env: variables, extendEnv: false },
    ...{ stdin: "ignore", all: true, reject: false },
    // in its own process group, which can be ended as a whole
    detached: true,
  });
  const pid = child.pid ?? 0;
  const memory = new PeakMemory([pid, ...helpers]);
  const limit = AbortSignal.timeout(mostSeconds * 1_000);
  const stop = AbortSignal.any([interruption, limit]);
  let end: Promise<void> | undefined;
  stop.addEventListener("abort", () => {
    end = endProcessGroup(pid);
  });
  const { exitCode, all, shortMessage } = await child;
  const seconds = (performance.now() - start) / 1_000;
  const megabytes = memory.stop();
  await end;
  interruption.throwIfAborted();
  if (limit.aborted) throw new FailedError(`took more than ${mostSeconds} s`);
  if (exitCode !== 0)
    throw new FailedError(`the command failed\n${lastLines(all) || shortMessage}`);
  return { seconds, megabytes };
}
