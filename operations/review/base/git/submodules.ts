import { UnavailableError } from "../../../../text/errors.ts";
import { readable } from "../../../../text/readable.ts";
import { tryGit } from "./git.ts";
import { separated } from "./git-files.ts";

/**
 * Checks out the submodules of a temporary work tree, which Git leaves empty. The repository's configuration stays as it is.
 *
 * @param paths their paths from the top of the repository
 * @throws UnavailableError with Git's message if that fails
 */
export async function checkOutSubmodules(tree: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const before = await configured(tree);
  const update = ["submodule", "--quiet", "update", "--init", "--recursive", "--", ...paths];
  try {
    const { exitCode, stderr } = await tryGit(update, tree);
    if (exitCode !== 0)
      throw new UnavailableError(
        `git cannot check out the submodules of the base:\n${readable(stderr)}`,
      );
  } finally {
    // Git notes their addresses in the configuration of the repository, which has no part for one work tree
    const added = (await configured(tree)).filter((section) => !before.includes(section));
    for (const section of added)
      await tryGit(["config", "--local", "--remove-section", section], tree, { isCleanup: true });
  }
}

/** The sections of submodules in the configuration of the repository. */
async function configured(tree: string): Promise<string[]> {
  const names = ["config", "--local", "--name-only", "-z", "--get-regexp", "^submodule\\."];
  const { stdout } = await tryGit(names, tree, { isCleanup: true });
  const sections = separated(stdout).map((name) => name.slice(0, name.lastIndexOf(".")));
  return [...new Set(sections)];
}
