import { plural } from "../plural.ts";

/** A problem and its place. */
export interface PlacedProblem {
  /** The location: `customers.yaml:14:11`, or the path of a construct. */
  readonly place: string;
  /** The problem and its fix. */
  readonly message: string;
}

/** All problems of something, one per line, below a heading that counts them. */
export function problemList(what: string, problems: readonly PlacedProblem[]): string {
  return [`${what} is not valid: ${plural(problems.length, "problem")}`, ...lines(problems)].join(
    "\n",
  );
}

/** All warnings about something that is valid, one per line, below a heading that counts them. */
export function warningList(what: string, warnings: readonly PlacedProblem[]): string {
  return [`${what} has ${plural(warnings.length, "warning")}`, ...lines(warnings)].join("\n");
}

function lines(problems: readonly PlacedProblem[]): string[] {
  const width = problems.reduce((widest, { place }) => Math.max(widest, place.length), 0);
  return problems.map(({ place, message }) => `  ${place.padEnd(width)}  ${message}`);
}
