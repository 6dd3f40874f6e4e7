import { mkdir, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { writeEmptyCustomersFile } from "../../../configuration/customers.ts";
import {
  type Environment,
  environmentFile,
  environmentName,
  loadEnvironment,
} from "../../../configuration/environment.ts";
import { TemporaryFolder } from "../../../system/temporary-folder.ts";
import { ExplainedError, InvalidDeclarationError, UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { synthesize, type Synthesis } from "../../terraform/synthesize.ts";
import { type Base, git, tryGit } from "./git.ts";
import { codeDiffers, type CommitToSynthesize, withOwnCode } from "./own-code.ts";

/** Declaration and environment of a commit. */
export interface BaseDeclaration {
  /** Undefined if the commit does not have the environment yet: then everything is new. */
  readonly synthesis: Synthesis | undefined;
  /** The commit's environment; undefined if it has none that the current code can read. */
  readonly environment: Environment | undefined;
}

/**
 * Synthesizes the declaration of a commit. The current code reads the commit's files. If the commit's code differs, that code
 * runs in a Git work tree of its own. Nothing is left behind.
 *
 * @param folder the project's folder
 * @throws ExplainedError if that commit's files are not valid, or its code cannot run
 */
export async function declaredAt(
  base: Base,
  variables: NodeJS.ProcessEnv,
  folder = process.cwd(),
): Promise<BaseDeclaration> {
  const name = environmentName(variables);
  const hasFile = (file: string) => isAt(base, file, folder);
  if (!(await hasFile(environmentFile(name))) || !(await hasFile("main.ts")))
    return { synthesis: undefined, environment: undefined };
  await using temporary = await TemporaryFolder.create();
  const files = join(temporary.path, "files");
  await extract(base, environmentFile(name), files, folder);
  const environment = readable(variables, files);
  if (environment) needInsideProject(environment.customers, folder);
  const commit = { base, variables, folder, temporary: temporary.path, environment };
  try {
    const synthesis = (await codeDiffers(base, folder))
      ? await withOwnCode(commit)
      : await withCurrentCode(commit, files);
    return { synthesis, environment };
  } catch (error) {
    throw explainedFor(base, error);
  }
}

async function withCurrentCode(commit: CommitToSynthesize, files: string): Promise<Synthesis> {
  const { base, variables, folder, temporary } = commit;
  // reports the problems of the environment, if it has any
  const { customers } = commit.environment ?? loadEnvironment(variables, files);
  const outdir = join(temporary, "out");
  const sources = { folder: files, code: folder };
  if (await extract(base, customers, files, folder)) return synthesize(outdir, variables, sources);
  const CUSTOMERS_FILE = await writeEmptyCustomersFile(temporary);
  return synthesize(outdir, { ...variables, CUSTOMERS_FILE }, sources);
}

async function isAt({ commit }: Base, file: string, folder: string): Promise<boolean> {
  return (await tryGit(["cat-file", "-e", `${commit}:./${file}`], folder)).exitCode === 0;
}

/** Writes a commit's file into a folder. @returns whether the commit has the file */
async function extract(base: Base, file: string, into: string, folder: string): Promise<boolean> {
  if (!(await isAt(base, file, folder))) return false;
  const target = join(into, file);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await git(["show", `${base.commit}:./${file}`], folder));
  return true;
}

function needInsideProject(file: string, folder: string): void {
  if (!isAbsolute(file) && resolve(folder, file).startsWith(`${folder}/`)) return;
  throw new UsageError(
    `the customers' file ${quoted(file)} is not in the project's folder, so Git does not know its previous content; move it there`,
  );
}

function readable(variables: NodeJS.ProcessEnv, files: string): Environment | undefined {
  try {
    return loadEnvironment(variables, files);
  } catch {
    return undefined;
  }
}

function explainedFor({ ref, commit }: Base, error: unknown): unknown {
  if (!(error instanceof ExplainedError) || error.code === "usage" || error.code === "unavailable")
    return error;
  const base = `the base ${quoted(ref)} (${commit.slice(0, 7)})`;
  return new InvalidDeclarationError(
    `cannot review against ${base}; fix it there, or name another commit with --base:\n${error.message}`,
  );
}
