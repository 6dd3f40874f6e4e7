import { readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { RealmDeclaration } from "../constructs/declaration.ts";
import { ExplainedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";

/** A resource's arguments as they stand in Terraform's JSON, without cdktf's comments. */
export type ResourceArguments = Readonly<Record<string, unknown>>;

/** A declaration in Terraform's words and in ours. */
export interface Synthesis {
  /** The folder with the stack's `cdk.tf.json`. */
  readonly folder: string;
  /** What the stack declares. */
  readonly declaration: RealmDeclaration;
  /** The resources by address, `keycloak_openid_client.customers_acme_FFAD3FA6`. */
  readonly resources: Readonly<Record<string, ResourceArguments>>;
  /** Addresses that changed and are still the same resource. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** What stands beside the resources: providers with their settings, and where the state is. */
  readonly surroundings: ResourceArguments;
}

/** Where the code and the files are that a declaration is made of. */
export interface Sources {
  /**
   * The folder that `customers.yaml` and `environments/` are in.
   * @default the current folder
   */
  readonly folder?: string;
  /**
   * The folder that `main.ts` is in.
   * @default the one of the files
   */
  readonly code?: string;
}

// by its full address: the files' folder may be one without node_modules
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Where `cdktf.json` says that the synthesized declaration goes. */
export const outdir = "cdktf.out";

/** The stack that `main.ts` declares. */
export const stackName = "atlas";

/**
 * Runs `main.ts`, as cdktf does.
 *
 * @param outdir where the result goes
 * @param variables REALM_ENV and those that stand in for parts of its file
 * @throws ExplainedError with the words of `main.ts`, which name every problem, and its exit status
 */
export async function synthesize(
  outdir: string,
  variables: NodeJS.ProcessEnv,
  sources: Sources = {},
): Promise<Synthesis> {
  const cwd = await realpath(sources.folder ?? ".");
  const main = join(sources.code ?? cwd, "main.ts");
  const { exitCode, stderr } = await execa(process.execPath, ["--import", tsx, main], {
    cwd,
    env: { ...variables, CDKTF_OUTDIR: resolve(outdir) },
    extendEnv: false,
    reject: false,
  });
  if (exitCode !== 0)
    throw new ExplainedError(exitCode === 2 || exitCode === 3 ? exitCode : 1, stderr);
  const folder = join(outdir, "stacks", stackName);
  const text = await readFile(join(folder, "cdk.tf.json"), "utf8").catch(() => "{}");
  // where a checkout happens to be is no part of what it declares
  const stack = JSON.parse(text.replaceAll(`${cwd}/`, "")) as Partial<SynthesizedStack>;
  if (!isComplete(stack))
    throw new ExplainedError(
      1,
      `main.ts declares no RealmStack ${quoted(stackName)}, or is older than the commands that read it`,
    );
  return { folder, ...readStack(stack) };
}

interface SynthesizedStack {
  readonly "//": { readonly declaration: RealmDeclaration };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceArguments>>>>;
  readonly moved?: Synthesis["moved"];
  readonly provider?: unknown;
  readonly terraform?: ResourceArguments;
}

function isComplete(stack: Partial<SynthesizedStack>): stack is SynthesizedStack {
  return (stack["//"] as Partial<SynthesizedStack["//"]> | undefined)?.declaration !== undefined;
}

/** A stack's JSON, by what it says. */
export function readStack(stack: SynthesizedStack): Omit<Synthesis, "folder"> {
  const { resource = {}, moved = [], provider, terraform } = stack;
  const resources = Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([name, values]) => [`${type}.${name}`, uncommented(values)]),
  );
  return {
    declaration: stack["//"].declaration,
    resources: Object.fromEntries(resources) as Synthesis["resources"],
    moved,
    surroundings: { provider, ...terraform },
  };
}

function uncommented(values: ResourceArguments): ResourceArguments {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== "//"));
}
