import { ExplainedError } from "../../text/errors.ts";
import { type PlacedProblem, problemList } from "../../text/problem-list.ts";
import { visible } from "../../text/visible.ts";

/** Problem in a file, with its location. */
export interface Problem {
  /** The line, from 1; absent if the problem concerns the whole file. */
  readonly line?: number;
  /** The column, from 1, counted in UTF-16 code units as editors do. */
  readonly column?: number;
  /** The path in the document: `customers.acme.access.atlas-api[1]`. */
  readonly path?: string;
  /** The problem and its fix, in lower case, without a full stop. */
  readonly message: string;
}

/** A configuration file is not valid. The message lists all its problems. Exit status 1. */
export class InvalidFileError extends ExplainedError {
  readonly code = "invalid-file";
  readonly exitStatus = 1;
  /** The path of the file, as the caller gave it. */
  readonly file: string;
  /** The problems, in the order of the file. */
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = [...problems].sort(
      (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    super(problemList(visible(file), placed(file, sorted)));
    this.file = file;
    this.problems = sorted;
  }
}

/** Problems of a file as lists show them, with their place in the file. */
export function placed(file: string, problems: readonly Problem[]): PlacedProblem[] {
  const shown = visible(file);
  return problems.map((problem) => ({
    place: problem.line === undefined ? shown : `${shown}:${problem.line}:${problem.column ?? 1}`,
    message: problemText(problem),
  }));
}

/** A problem as one line, with its path in the document. */
export function problemText({ path, message }: Problem): string {
  return path === undefined ? message : `${path}: ${message}`;
}
