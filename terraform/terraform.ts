import { existsSync } from "node:fs";
import { execa } from "execa";
import { ExplainedError } from "../text/errors.ts";

/**
 * The variables that terraform and cdktf run with: nothing asks, nothing phones home, and a TF_CLI_CONFIG_FILE that is not there
 * is left out, because terraform warns of it at every call.
 */
export function terraformVariables(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE, ...others } = variables;
  return {
    ...others,
    ...(TF_CLI_CONFIG_FILE && existsSync(TF_CLI_CONFIG_FILE) && { TF_CLI_CONFIG_FILE }),
    TF_INPUT: "0",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
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
 * @throws ExplainedError (1) with terraform's own words if it fails
 */
export async function terraform(workspace: Workspace, args: readonly string[]): Promise<string> {
  const result = await runTerraform(workspace, args);
  if (result.exitCode === 0) return result.stdout;
  throw new ExplainedError(
    1,
    `terraform ${args[0] ?? ""} failed:\n${result.stderr || result.stdout}`,
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
