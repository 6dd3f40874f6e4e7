import { stripVTControlCharacters } from "node:util";
import { join } from "node:path";
import { execa } from "execa";
import { stackName } from "../terraform/synthesize.ts";
import { ExplainedError } from "../text/errors.ts";
import { checkout } from "./folders.ts";

/**
 * Runs `cdktf deploy` on what has been synthesized. cdktf's and terraform's words are shown only if they fail.
 *
 * @param signal asks terraform, once, to end in order
 * @throws ExplainedError (1) with those words
 */
export async function cdktfDeploy(
  outdir: string,
  variables: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  const args = [
    "deploy",
    stackName,
    "--auto-approve",
    "--skip-synth",
    "--skip-provider-lock",
    `--output=${outdir}`,
  ];
  const child = execa(join(checkout, "node_modules/.bin/cdktf"), args, {
    env: variables,
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
    // in a group of its own, so that a terminal's Ctrl-C does not reach terraform a second time, which would make it give up
    detached: true,
  });
  const interrupt = () => child.pid !== undefined && process.kill(-child.pid, "SIGINT");
  signal.addEventListener("abort", interrupt);
  const { exitCode, all } = await child;
  signal.removeEventListener("abort", interrupt);
  const words = stripVTControlCharacters(all);
  if (exitCode === 0) return /Apply complete!.*/.exec(words)?.[0] ?? "applied";
  throw new ExplainedError(1, `cdktf deploy failed:\n${words}`);
}
