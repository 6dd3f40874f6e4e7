import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { endWithThis, runProgram } from "../../../system/programs/run-program.ts";
import { withoutCredentials } from "../../../system/programs/without-credentials.ts";
import { UnavailableError } from "../../../text/errors.ts";
import { readable } from "../../../text/readable.ts";
import { synthesize, type Synthesis } from "../../terraform/synthesis/synthesize.ts";
import type { BaseProject } from "./base-project.ts";
import { isDependency } from "./changes.ts";
import { git, tryGit } from "./git/git.ts";
import { submodulesIn } from "./git/git-files.ts";
import { checkOutSubmodules } from "./git/submodules.ts";

/** A declaration of a base to synthesize. */
export interface DeclarationAtBase {
  readonly project: BaseProject;
  /** Environment variables for `main.ts`: REALM_ENV and those that override values of its file. */
  readonly variables: NodeJS.ProcessEnv;
  /** A temporary folder. */
  readonly temporary: string;
  /** The files that differ today; see changedFiles. */
  readonly changed: readonly string[];
}

/**
 * Synthesizes a declaration in a Git work tree of its own, with its own code, and with its own dependencies if they differ.
 *
 * @throws ExplainedError if Git or npm fails, or the declaration is not valid
 */
export async function withOwnCode(declaration: DeclarationAtBase): Promise<Synthesis> {
  const { project, variables, temporary, changed } = declaration;
  const { base, files, prefix, folder } = project;
  const tree = join(temporary, "tree");
  try {
    await git(["worktree", "add", "--detach", "--quiet", tree, base.commit], folder);
    await checkOutSubmodules(tree, submodulesIn(files, prefix));
    const code = join(tree, prefix);
    if (changed.some(isDependency)) await install(code, variables);
    else await symlink(join(folder, "node_modules"), join(code, "node_modules"));
    return await synthesize(join(temporary, "out"), variables, { folder: code });
  } finally {
    const remove = ["worktree", "remove", "--force", "--force", tree];
    await tryGit(remove, folder, { isCleanup: true });
  }
}

async function install(folder: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const { NODE_OPTIONS = "", ...others } = withoutCredentials(variables);
  const { exitCode, stdout, stderr } = await runProgram("npm", ["ci"], {
    folder,
    // also for the Node processes that npm starts
    variables: { ...others, NODE_OPTIONS: `${NODE_OPTIONS} --import=${endWithThis}`.trim() },
  });
  if (exitCode !== 0) throw new UnavailableError(`npm ci failed:\n${readable(stderr || stdout)}`);
}
