import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { FailedError } from "../../text/errors.ts";
import { interruption } from "../interruption.ts";
import { endProcessGroupAtOnce } from "./process-groups.ts";

const endWithParent = pathToFileURL(join(import.meta.dirname, "end-with-parent.mjs")).href;

/** Module that ends a Node process that this one starts, or that a program of it starts, within a moment after this one. */
export const endWithThis = `${endWithParent}?parent=${process.pid}`;

/** Folder and environment variables of a program. */
export interface ProgramOptions {
  /** The folder that it runs in. */
  readonly folder: string;
  /** All of its environment variables. */
  readonly variables: NodeJS.ProcessEnv;
  /**
   * Whether it cleans up, so that an interruption neither prevents nor ends it.
   * @default false
   */
  readonly isCleanup?: boolean;
  /** What it reads on standard input; nothing by default. */
  readonly input?: string;
  /**
   * Whether each character of its output is a byte. Otherwise it is text in UTF-8.
   * @default false
   */
  readonly isBinary?: boolean;
  /**
   * The most characters of its output, on standard output and on standard error.
   * @default {@link mostOutput}
   */
  readonly maxBuffer?: number;
}

/** Result of a program. */
export interface ProgramResult {
  /** Undefined if it could not be started, or was ended by a signal. */
  readonly exitCode: number | undefined;
  /** The signal that ended it. */
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether there is no such program. */
  readonly isMissing: boolean;
}

/** The length of the output of a program that can be read, in characters. A plan of 10,000 customers has about 100 million. */
export const mostOutput = 500_000_000;

/** The error of a program whose output was cut. */
export function tooMuchOutput(command: string, most = mostOutput): FailedError {
  return new FailedError(`${command} printed more than ${most.toLocaleString("en-US")} characters`);
}

/**
 * Runs a program that has nothing to finish, whether or not it succeeds. An {@link interruption} ends it with everything that it has
 * started.
 *
 * @throws the reason of the interruption
 * @throws FailedError if it prints more than `maxBuffer`
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { folder, variables, isCleanup = false, maxBuffer = mostOutput, ...options }: ProgramOptions,
): Promise<ProgramResult> {
  if (!isCleanup) interruption.throwIfAborted();
  const child = execa(command, args, {
    cwd: folder,
    env: variables,
    extendEnv: false,
    ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
    encoding: options.isBinary ? "latin1" : "utf8",
    stripFinalNewline: false,
    maxBuffer,
    reject: false,
    // in its own process group, which can be ended as a whole, and which Ctrl-C in a terminal does not reach
    detached: true,
  });
  let end: Promise<void> | undefined;
  const interrupt = () => {
    // if it belongs to another user by now, nobody can end it
    end = endProcessGroupAtOnce(child.pid ?? 0).catch(() => undefined);
  };
  if (!isCleanup) interruption.addEventListener("abort", interrupt);
  const { exitCode, signal, stdout, stderr, code, isMaxBuffer } = await child;
  await end;
  if (!isCleanup) {
    interruption.removeEventListener("abort", interrupt);
    interruption.throwIfAborted();
  }
  if (isMaxBuffer) throw tooMuchOutput(command, maxBuffer);
  return { exitCode, signal, stdout, stderr, isMissing: code === "ENOENT" };
}
