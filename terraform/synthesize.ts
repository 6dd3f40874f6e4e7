import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { RealmDeclaration } from "../constructs/declaration.ts";
import { ExplainedError } from "../text/errors.ts";

/** A declaration in Terraform's words and in ours. */
export interface Synthesis {
  /** The folder with the stack's `cdk.tf.json`. */
  readonly folder: string;
  /** What the stack declares. */
  readonly declaration: RealmDeclaration;
}

/** The stack that `main.ts` declares. */
export const stackName = "atlas";

/**
 * Runs `main.ts`, as cdktf does, in the current folder.
 *
 * @param outdir where the result goes
 * @param variables REALM_ENV and those that stand in for parts of its file
 * @throws ExplainedError with the words of `main.ts`, which name every problem
 */
export async function synthesize(outdir: string, variables: NodeJS.ProcessEnv): Promise<Synthesis> {
  const { exitCode, stderr } = await execa(process.execPath, ["--import", "tsx", "main.ts"], {
    env: { ...variables, CDKTF_OUTDIR: outdir },
    extendEnv: false,
    reject: false,
  });
  if (exitCode !== 0) throw new ExplainedError(exitCode === 2 ? 2 : 1, stderr);
  const folder = join(outdir, "stacks", stackName);
  const stack = JSON.parse(await readFile(join(folder, "cdk.tf.json"), "utf8")) as SynthesizedStack;
  return { folder, declaration: stack["//"].declaration };
}

interface SynthesizedStack {
  readonly "//": { readonly declaration: RealmDeclaration };
}
