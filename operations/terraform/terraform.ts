import { existsSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { interruption } from "../../system/interruption.ts";
import { mostOutput, tooMuchOutput } from "../../system/programs/run-program.ts";
import { FailedError, UnavailableError } from "../../text/errors.ts";
import { terraformCommand, terraformName } from "./program.ts";
import {
  checksumHint,
  connectionHint,
  forbiddenHint,
  isStateUnavailable,
  isTransientOutput,
  lockHint,
} from "./output/output.ts";
import { readableOutput } from "./output/readable-output.ts";

/** Time limit for a lock that another run holds; TF_CLI_ARGS_plan and TF_CLI_ARGS_apply can override it. */
export const lockTimeout = "-lock-timeout=60s";

/**
 * Environment variables for terraform and cdktf: they ask for no input, check for no new versions, and wait for a locked state. A
 * TF_CLI_CONFIG_FILE that does not exist is left out, because terraform would print a warning in every run.
 */
export function terraformVariables(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE, ...others } = variables;
  return {
    ...others,
    ...(TF_CLI_CONFIG_FILE && existsSync(TF_CLI_CONFIG_FILE) && { TF_CLI_CONFIG_FILE }),
    TF_INPUT: "0",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    TF_CLI_ARGS_plan: `${lockTimeout} ${variables.TF_CLI_ARGS_plan ?? ""}`,
    TF_CLI_ARGS_apply: `${lockTimeout} ${variables.TF_CLI_ARGS_apply ?? ""}`,
    TF_CLI_ARGS_untaint: `${lockTimeout} ${variables.TF_CLI_ARGS_untaint ?? ""}`,
  };
}

/** Folder and environment variables of a terraform run. */
export interface Workspace {
  /** The folder of the synthesized stack. */
  readonly folder: string;
  /** The environment variables; see {@link terraformVariables}. */
  readonly variables: NodeJS.ProcessEnv;
  /**
   * Whether it cleans up, so that an interruption neither prevents nor ends it.
   * @default false
   */
  readonly isCleanup?: boolean;
  /**
   * Ends it like an interruption.
   * @default only an interruption does
   */
  readonly ended?: AbortSignal;
}

/**
 * Runs terraform and returns its output.
 *
 * @throws UnavailableError with terraform's output if the state or a server cannot be reached
 * @throws FailedError with terraform's output if it fails otherwise
 */
export async function terraform(workspace: Workspace, args: readonly string[]): Promise<string> {
  return (await succeed(workspace, args, [0])).stdout;
}

/**
 * Runs `terraform plan`.
 *
 * @returns whether the plan changes anything: a resource, or its address in the state
 * @throws as {@link terraform}
 * @see https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
 */
export async function terraformPlan(
  workspace: Workspace,
  args: readonly string[],
): Promise<boolean> {
  const all = ["plan", "-no-color", "-detailed-exitcode", ...args];
  return (await succeed(workspace, all, [0, 2])).exitCode === 2;
}

/** Runs terraform. @throws as {@link terraform}, unless its exit status means success */
async function succeed(
  workspace: Workspace,
  args: readonly string[],
  successes: readonly number[],
): Promise<{ readonly exitCode: number; readonly stdout: string }> {
  const result = await runTerraform(workspace, args);
  const { exitCode = 1, stdout } = result;
  if (successes.includes(exitCode)) return { exitCode, stdout };
  const output = stripVTControlCharacters(result.stderr || result.stdout);
  const { variables } = workspace;
  const hints = [
    lockHint(output),
    checksumHint(output),
    forbiddenHint(output),
    connectionHint(output, variables),
  ].join("");
  const message = `${terraformName(variables)} ${args[0] ?? ""} failed:\n${readableOutput(output, variables)}${hints}`;
  const isTransient = isTransientOutput(output);
  throw isTransient || isStateUnavailable(output)
    ? new UnavailableError(message, { isTransient })
    : new FailedError(message);
}

/**
 * Runs terraform, whether or not it succeeds. An interruption lets it stop gracefully, because a killed one leaves its state locked.
 *
 * @throws the reason of the interruption
 */
export async function runTerraform(
  { folder, variables, isCleanup = false, ended }: Workspace,
  args: readonly string[],
) {
  const cancelSignal = ended ? AbortSignal.any([interruption, ended]) : interruption;
  if (!isCleanup) cancelSignal.throwIfAborted();
  const result = await execa(terraformCommand(variables), args, {
    cwd: folder,
    env: variables,
    extendEnv: false,
    reject: false,
    maxBuffer: mostOutput,
    ...(!isCleanup && { cancelSignal }),
    killSignal: "SIGINT",
    // a little longer than the provider waits for an answer of Keycloak
    forceKillAfterDelay: 20_000,
    // in its own process group: a second Ctrl-C, from the terminal and from here, would make terraform give up
    detached: true,
  });
  if (!isCleanup) cancelSignal.throwIfAborted();
  if (result.isMaxBuffer) throw tooMuchOutput(`${terraformName(variables)} ${args[0] ?? ""}`);
  return result;
}
