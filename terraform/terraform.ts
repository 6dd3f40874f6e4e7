import { existsSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { ExplainedError } from "../text/errors.ts";

/** Another run that holds the state's lock is waited for, but not forever; TF_CLI_ARGS_plan and TF_CLI_ARGS_apply may say another time. */
const lockTimeout = "-lock-timeout=60s";

/**
 * The variables that terraform and cdktf run with: nothing asks, nothing phones home, a locked state is waited for, and a
 * TF_CLI_CONFIG_FILE that is not there is left out, because terraform warns of it at every call.
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

/** Where and how terraform runs. */
export interface Workspace {
  /** The folder with the synthesized stack. */
  readonly folder: string;
  /** The environment variables; see {@link terraformVariables}. */
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * Runs terraform and returns what it printed.
 *
 * @throws ExplainedError with terraform's own words if it fails: 1, or 3 if it does not get at the state
 */
export async function terraform(workspace: Workspace, args: readonly string[]): Promise<string> {
  const result = await runTerraform(workspace, args);
  if (result.exitCode === 0) return result.stdout;
  const words = stripVTControlCharacters(result.stderr || result.stdout);
  const status = /Error (acquiring the state lock|loading state)/.test(words) ? 3 : 1;
  throw new ExplainedError(
    status,
    `terraform ${args[0] ?? ""} failed:\n${words}${lockWords(words)}`,
  );
}

/** Runs terraform, whether or not it succeeds. */
export function runTerraform({ folder, variables }: Workspace, args: readonly string[]) {
  return execa("terraform", args, {
    cwd: folder,
    env: variables,
    extendEnv: false,
    reject: false,
  });
}

/** What to do about a state that somebody else has locked; terraform's own words say who. */
export function lockWords(words: string): string {
  const [, id] = /Lock Info:\s+ID:\s+(\S+)/.exec(words) ?? [];
  if (id === undefined) return "";
  return `\nthe run that holds the lock either still works: wait for it; or it was killed: make sure of that, then run\n  npm run unlock -- ${id}`;
}
