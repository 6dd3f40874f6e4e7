import { Command, CommanderError } from "@commander-js/extra-typings";
import { requestFailure } from "../../operations/keycloak/failures.ts";
import { endEarlyWork } from "../../system/early-work.ts";
import { interruptAtSignals, interruption, isAbortError } from "../../system/interruption.ts";
import { allErrors, endWith, print, UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** Input of a command from its process. This is the only place where commands read environment variables. */
export interface CommandContext {
  readonly variables: NodeJS.ProcessEnv;
  /** Aborts after Ctrl-C, or if the terminal or the process is ended. */
  readonly interrupted: AbortSignal;
}

/** A command as its `--help` describes it. */
export interface CommandHelp {
  /** The npm script, with options for npm: `npm run --silent plan`. */
  readonly script: string;
  /** Description for `--help`, in one or two sentences. */
  readonly description: string;
  /** Arguments and options of a typical call. */
  readonly example: string;
}

/** A command without options yet. Its `--help` shows the npm script, because npm passes options only after `--`. */
export function newCommand({ script, description, example }: CommandHelp) {
  return new Command(`${script} --`)
    .description(description)
    .addHelpText("after", `\nExample:\n  ${[script, example].filter(Boolean).join(" -- ")}`)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
}

/** A command with its options and its action, whatever their types. */
interface RunnableCommand {
  parseAsync(): Promise<unknown>;
  name(): string;
  readonly args: readonly string[];
  readonly registeredArguments: readonly unknown[];
}

/**
 * Runs a command with the process's arguments. If it fails, ends the process with the exit status of its error or 2 for wrong usage.
 * After an interruption the exit status is always 130.
 */
export async function runCommand(
  define: (context: CommandContext) => RunnableCommand,
): Promise<void> {
  interruptAtSignals();
  const command = define({ variables: process.env, interrupted: interruption });
  try {
    await command.parseAsync();
  } catch (error) {
    await endEarlyWork();
    const errors = allErrors(error).map((each) => requestFailure(each) ?? each);
    if (interruption.aborted) endInterrupted(errors);
    if (!(error instanceof CommanderError)) endWith(...errors);
    if (error.exitCode !== 0) endWith(usageError(command, error));
  }
  if (interruption.aborted) endInterrupted([]);
}

/** Ends the process after an interruption, with the errors that say more than that. */
function endInterrupted(errors: readonly unknown[]): never {
  errors.filter((error) => !isAbortError(error)).forEach(print);
  console.error("interrupted");
  process.exit(130);
}

function usageError(command: RunnableCommand, { code, message }: CommanderError): UsageError {
  const [excess] = command.args.slice(command.registeredArguments.length);
  const problem =
    code === "commander.excessArguments"
      ? `unexpected argument ${quoted(excess)}`
      : message
          .replace(/^error: /, "")
          .replace(/\n\(Did you mean (.*)\?\)$/s, "; did you mean $1?");
  return new UsageError(`${problem} (${command.name()} --help shows the usage)`);
}

/** Variables of which a CI system sets at least one: every common one, GitHub, GitLab, Azure Pipelines, Jenkins. */
const ciVariables = ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "JENKINS_URL"];

/**
 * Refuses to show secrets to anything but a person at a terminal. The job of a CI system may have a terminal, but its log is kept.
 *
 * @throws UsageError if standard output is not a terminal, or in the job of a CI system
 */
export function needTerminal(variables: NodeJS.ProcessEnv): void {
  const found = ciVariables.find((name) => variables[name]);
  if (found !== undefined)
    throw new UsageError(
      `credentials are not shown in a CI job, whose log would contain them, and ${found} is set; run this on your own machine`,
    );
  if (process.stdout.isTTY) return;
  throw new UsageError(
    "credentials are shown only on a terminal, so that no file or log contains them; run this in a terminal",
  );
}
