import { mkdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checkout } from "../../../system/folders.ts";
import { endWithThis, runProgram } from "../../../system/programs/run-program.ts";
import { withoutCredentials } from "../../../system/programs/without-credentials.ts";
import {
  type ExplainedError,
  InvalidDeclarationError,
  UnavailableError,
  UsageError,
} from "../../../text/errors.ts";
import { findRealmStacks } from "./manifest.ts";
import {
  addressesIn,
  hasOnlyResources,
  readStacks,
  type StackContent,
  type SynthesizedStack,
} from "./stack-json.ts";

/** A synthesized declaration, as Terraform reads it and as the project does. */
export interface Synthesis extends StackContent {
  /** The stacks, the realm's own first. */
  readonly stacks: readonly SynthesizedFolderOfStack[];
}

/** The folder of a stack. */
export interface SynthesizedFolderOfStack {
  /** The folder with the stack's `cdk.tf.json`. */
  readonly folder: string;
  /** The number of its shard; undefined for the realm's own stack. */
  readonly shard: number | undefined;
  /** The addresses of its resources. */
  readonly addresses: readonly string[];
  /** Whether it has no other blocks than resources, their moves, the provider and the state: no data source, output or module. */
  readonly hasOnlyResources: boolean;
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

/** Node's memory for new objects, in MB instead of 16. It saves 20 MB with 10,000 customers, and costs no time. */
const smallNursery = "--max-semi-space-size=4";

/** Folder of the synthesized declaration, as `cdktf.json` configures it. */
export const outdir = "cdktf.out";

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
  const folder = resolve(target);
  await mkdir(folder, { recursive: true });
  const { exitCode, signal, stderr } = await runProgram(
    process.execPath,
    [smallNursery, "--import", endWithThis, join(checkout, "system/run.mjs"), main],
    {
      folder: cwd,
      // its temporary files go with what it synthesizes, also if it is killed
      variables: { ...withoutCredentials(variables), CDKTF_OUTDIR: folder, TMPDIR: folder },
    },
  );
  if (exitCode !== 0)
    throw failure(exitCode, signal ? `main.ts was ended by ${signal}` : stderr.trimEnd());
  const { realm, shards } = await findRealmStacks(target);
  const content = readStacks(
    withoutPlace(realm.stack, cwd),
    shards.map(({ stack }) => stack),
  );
  const stacks = [
    { ...realm, shard: undefined },
    ...shards.map((each) => ({ ...each, shard: each.stack["//"].shard })),
  ].map(({ folder, stack, shard }) => ({
    ...{ folder, shard, addresses: addressesIn(stack), hasOnlyResources: hasOnlyResources(stack) },
  }));
  return { ...content, stacks };
}

/** The place of a checkout is not part of what it declares: cdktf makes the path of a local state absolute. */
function withoutPlace<Comment>(
  stack: SynthesizedStack<Comment>,
  checkout: string,
): SynthesizedStack<Comment> {
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
