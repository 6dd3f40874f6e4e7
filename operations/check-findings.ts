import { posix, relative, resolve } from "node:path";
import { InvalidFileError, type Problem, problemText } from "../configuration/yaml/problems.ts";
import type { ExplainedError } from "../text/errors.ts";
import type { Finding } from "../text/findings/finding.ts";
import { visible } from "../text/visible.ts";
import type { Checked } from "./check.ts";
import { tryGit } from "./review/base/git/git.ts";

/** The file of the declaration, which is the place of its errors. */
const mainFile = "main.ts";

/** What a check found, with paths relative to the root of the repository. */
export interface CheckFindings {
  readonly findings: readonly Finding[];
  /** The file for findings without a place, in a format that requires one. */
  readonly fallbackFile: string;
}

/**
 * The findings of a check as data.
 *
 * @param folder the project's folder
 */
export async function checkFindings(
  { valid, errors }: Checked,
  folder = ".",
): Promise<CheckFindings> {
  const pathOf = await pathsInRepository(folder);
  const warnings = valid.flatMap((each) =>
    each.warnings.map((warning) =>
      placedFinding("warning", "warning", pathOf(warning.file ?? each.file), warning),
    ),
  );
  const problems = errors.flatMap((error) =>
    error instanceof InvalidFileError
      ? error.problems.map((problem) =>
          placedFinding("error", error.code, pathOf(problem.file ?? error.file), problem),
        )
      : [findingOf(error, pathOf(mainFile))],
  );
  return { findings: [...problems, ...warnings], fallbackFile: pathOf(mainFile) };
}

function placedFinding(
  severity: Finding["severity"],
  check: string,
  file: string,
  problem: Problem,
): Finding {
  const { line, column } = problem;
  return { severity, check, file, line, column, message: problemText(problem) };
}

function findingOf({ code, message }: ExplainedError, main: string): Finding {
  const isInMain = code === "invalid-declaration";
  return { severity: "error", check: code, message, ...(isInMain && { file: main }) };
}

/** Makes paths relative to the root of the repository. Outside of a repository, the project's folder is the root. */
async function pathsInRepository(folder: string): Promise<(file: string) => string> {
  const { exitCode, stdout } = await tryGit(["rev-parse", "--show-prefix"], folder);
  const prefix = exitCode === 0 ? stdout.replace(/\n$/, "") : "";
  return (file) => visible(posix.join(prefix, relative(folder, resolve(folder, file))));
}
