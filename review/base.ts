import { mkdir, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import {
  type Environment,
  environmentFile,
  environmentName,
  loadEnvironment,
} from "../configuration/environment.ts";
import { synthesize, type Synthesis } from "../terraform/synthesize.ts";
import { inTemporaryFolder } from "../terraform/temporary.ts";
import { ExplainedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import { type Base, git, tryGit } from "./git.ts";
import { codeDiffers, type OwnCode, withOwnCode } from "./own-code.ts";

/** What a commit declares. */
export interface BaseDeclaration {
  /** Undefined where the commit has no such environment yet: everything is new. */
  readonly synthesis: Synthesis | undefined;
  /** Its environment, undefined where it has none that today's code can read. */
  readonly environment: Environment | undefined;
}

/**
 * What a commit declares: its files are read by today's code, or by its own, in a Git work tree, where the code is another.
 * Nothing stays behind.
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
  return inTemporaryFolder(async (temporary) => {
    const files = join(temporary, "files");
    await extract(base, environmentFile(name), files, folder);
    const environment = readable(variables, files);
    if (environment) insideProject(environment.customers, folder);
    const use = (await codeDiffers(base, folder)) ? withOwnCode : withTodaysCode;
    try {
      const synthesis = await use({ base, variables, folder, temporary, files, environment });
      return { synthesis, environment };
    } catch (error) {
      throw explainedFor(base, error);
    }
  });
}

interface TodaysCode extends OwnCode {
  /** Where the commit's files are. */
  readonly files: string;
}

async function withTodaysCode(task: TodaysCode): Promise<Synthesis> {
  const { base, variables, folder, temporary, files } = task;
  // throws what is wrong with the environment, if anything is
  const { customers } = task.environment ?? loadEnvironment(variables, files);
  const outdir = join(temporary, "out");
  const sources = { folder: files, code: folder };
  if (await extract(base, customers, files, folder)) return synthesize(outdir, variables, sources);
  const none = join(temporary, "none.yaml");
  await writeFile(none, "customers: {}\n");
  return synthesize(outdir, { ...variables, CUSTOMERS_FILE: none }, sources);
}

async function isAt({ commit }: Base, file: string, folder: string): Promise<boolean> {
  return (await tryGit(["cat-file", "-e", `${commit}:./${file}`], folder)).exitCode === 0;
}

/** Writes a commit's file into a folder; false where the commit has none. */
async function extract(base: Base, file: string, into: string, folder: string): Promise<boolean> {
  if (!(await isAt(base, file, folder))) return false;
  const target = join(into, file);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await git(["show", `${base.commit}:./${file}`], folder));
  return true;
}

function insideProject(file: string, folder: string): void {
  if (!isAbsolute(file) && resolve(folder, file).startsWith(`${folder}/`)) return;
  const words = `the customers' file ${quoted(file)} is not in the project's folder`;
  throw new ExplainedError(2, `${words}, so Git does not know what it was before; move it there`);
}

function readable(variables: NodeJS.ProcessEnv, files: string): Environment | undefined {
  try {
    return loadEnvironment(variables, files);
  } catch {
    return undefined;
  }
}

function explainedFor({ ref, commit }: Base, error: unknown): unknown {
  if (!(error instanceof ExplainedError) || error.exitStatus !== 1) return error;
  const where = `the base ${quoted(ref)} (${commit.slice(0, 7)})`;
  return new ExplainedError(
    1,
    `${where} cannot be reviewed against; mend it there, or name another with --base:\n${error.message}`,
  );
}
