import { ExplainedError } from "../../text/errors.ts";
import { type PlacedProblem, problemList } from "../../text/findings/problem-list.ts";
import { visible } from "../../text/visible.ts";

/** Problem in a file, with its location. */
export interface Problem {
  /** The file, if the error or the warning is about several. */
  readonly file?: string;
  /** The line, from 1; absent if the problem concerns the whole file. */
  readonly line?: number;
  /** The column, from 1, counted in UTF-16 code units as editors do. */
  readonly column?: number;
  /** The path in the document: `customers.acme.access.atlas-api[1]`. */
  readonly path?: string;
  /** The problem and its fix, in lower case, without a full stop. */
  readonly message: string;
}

/** A configuration file, or a folder of them, is not valid. The message lists all its problems. Exit status 1. */
export class InvalidFileError extends ExplainedError {
  readonly code = "invalid-file";
  readonly exitStatus = 1;
  /** The path of the file or of the folder, as the caller gave it. */
  readonly file: string;
  /** The problems, in the order of the files. */
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = [...problems].sort(
      (a, b) =>
        compared(a.file ?? file, b.file ?? file) ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0),
    );
    super(problemList(visible(file), placed(file, sorted)));
    this.file = file;
    this.problems = sorted;
  }
}

/** Problems as lists show them, with their places. @param file the file of those that name none */
export function placed(file: string, problems: readonly Problem[]): PlacedProblem[] {
  return problems.map((problem) => ({
    place: visible(placeText(problem.file ?? file, problem)),
    message: problemText(problem),
  }));
}

/** The place of a problem: `customers.yaml:14:11`, or only the file. */
export function placeText(file: string, { line, column = 1 }: Problem): string {
  return line === undefined ? file : `${file}:${line}:${column}`;
}

function compared(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A problem as one line, with its path in the document. */
export function problemText({ path, message }: Problem): string {
  return path === undefined ? message : `${path}: ${message}`;
}
