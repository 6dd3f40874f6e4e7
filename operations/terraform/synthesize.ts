import { readFile, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { checkout } from "../../system/folders.ts";
import { endWithThis, runProgram } from "../../system/run-program.ts";
import { withoutCredentials } from "../../system/without-credentials.ts";
import {
  type ExplainedError,
  InvalidDeclarationError,
  UnavailableError,
  UsageError,
} from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** Arguments of a resource in Terraform's JSON, without cdktf's comments. */
export type ResourceArguments = Readonly<Record<string, unknown>>;

/** A synthesized declaration, as Terraform reads it and as the project does. */
export interface Synthesis {
  /** The folder with the stack's `cdk.tf.json`. */
  readonly folder: string;
  /** The declaration that the stack contains. */
  readonly declaration: RealmDeclaration;
  /** The resources by address, such as `keycloak_openid_client.customers_acme_FFAD3FA6`. */
  readonly resources: Readonly<Record<string, ResourceArguments>>;
  /** Addresses that changed while the resource stays the same. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Every other block of the stack: `provider`, `terraform`, `data`, `module`, `output`, `import`, … */
  readonly surroundings: ResourceArguments;
}

/** Folders of the code and the files that a declaration is made from. */
export interface Sources {
  /**
   * The folder of `customers.yaml` and `environments/`.
   * @default the current folder
   */
  readonly folder?: string;
  /**
   * The folder of `main.ts`.
   * @default the folder of the files
   */
  readonly code?: string;
}

/** Folder of the synthesized declaration, as `cdktf.json` configures it. */
export const outdir = "cdktf.out";

/** Name of the stack that `main.ts` declares. */
const stackName = "atlas";

/**
 * Runs `main.ts`, as cdktf does. It gets no credentials, and ends with this process.
 *
 * @param target the folder that the result is written to
 * @param variables environment variables for `main.ts`: REALM_ENV and those that override values of its file. Others are left out,
 *   see {@link withoutCredentials}.
 * @throws ExplainedError with the output of `main.ts`, which names every problem, and the class that its exit status means
 */
export async function synthesize(
  target: string,
  variables: NodeJS.ProcessEnv,
  sources: Sources = {},
): Promise<Synthesis> {
  const cwd = await realpath(sources.folder ?? ".");
  const main = join(sources.code ?? cwd, "main.ts");
  const { exitCode, signal, stderr } = await runProgram(
    process.execPath,
    ["--import", endWithThis, join(checkout, "system/run.mjs"), main],
    {
      folder: cwd,
      variables: { ...withoutCredentials(variables), CDKTF_OUTDIR: resolve(target) },
    },
  );
  if (exitCode !== 0)
    throw failure(exitCode, signal ? `main.ts was ended by ${signal}` : stderr.trimEnd());
  const folder = join(target, "stacks", stackName);
  const text = await readFile(join(folder, "cdk.tf.json"), "utf8").catch(() => "{}");
  const stack = JSON.parse(text) as Partial<SynthesizedStack>;
  if (!isComplete(stack))
    throw new InvalidDeclarationError(
      `main.ts declares no RealmStack ${quoted(stackName)}, or is older than the commands that read it`,
    );
  return { folder, ...readStack(withoutPlace(stack, cwd)) };
}

/** The place of a checkout is not part of what it declares: cdktf makes the path of a local state absolute. */
function withoutPlace(stack: SynthesizedStack, checkout: string): SynthesizedStack {
  const { backend } = stack.terraform ?? {};
  const { local } = (backend ?? {}) as { readonly local?: { readonly path?: unknown } };
  if (typeof local?.path !== "string" || !local.path.startsWith(`${checkout}/`)) return stack;
  const path = local.path.slice(checkout.length + 1);
  return { ...stack, terraform: { ...stack.terraform, backend: { local: { ...local, path } } } };
}

/** The error of a `main.ts` that ended with an exit status, which its own error's class determined. */
function failure(exitStatus: number | undefined, message: string): ExplainedError {
  if (exitStatus === 2) return new UsageError(message);
  if (exitStatus === 3) return new UnavailableError(message);
  return new InvalidDeclarationError(message);
}

interface SynthesizedStack {
  readonly "//": { readonly declaration: RealmDeclaration };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceArguments>>>>;
  readonly moved?: Synthesis["moved"];
  readonly terraform?: ResourceArguments;
  readonly [block: string]: unknown;
}

function isComplete(stack: Partial<SynthesizedStack>): stack is SynthesizedStack {
  return (stack["//"] as Partial<SynthesizedStack["//"]> | undefined)?.declaration !== undefined;
}

/** Reads a stack's JSON. Nothing is left out but Terraform's comments. */
export function readStack(stack: SynthesizedStack): Omit<Synthesis, "folder"> {
  const { "//": comment, resource = {}, moved = [], ...others } = stack;
  const resources = Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([name, values]) => [`${type}.${name}`, uncommented(values)]),
  );
  const surroundings = Object.fromEntries(
    Object.entries(others).map(([name, block]) => [name, uncommentedBlock(name, block)]),
  );
  return {
    declaration: comment.declaration,
    resources: Object.fromEntries(resources) as Synthesis["resources"],
    moved,
    surroundings: { ...surroundings, ...(moved.length > 0 && { moved }) },
  };
}

/** Labels between the name of a block and its arguments. */
const labels: Partial<Record<string, number>> = {
  data: 2,
  module: 1,
  output: 1,
  variable: 1,
  check: 1,
};

function uncommentedBlock(name: string, block: unknown, depth = labels[name] ?? 0): unknown {
  if (typeof block !== "object" || block === null || Array.isArray(block)) return block;
  const fields = block as ResourceArguments;
  if (depth === 0) return uncommented(fields);
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => [key, uncommentedBlock(name, inner, depth - 1)]),
  );
}

function uncommented(values: ResourceArguments): ResourceArguments {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== "//"));
}
