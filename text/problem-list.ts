/** Something wrong, and where. */
export interface PlacedProblem {
  /** `customers.yaml:14:11` */
  readonly place: string;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

/** Every problem of something at once, a line each below a heading that counts them. */
export function problemList(what: string, problems: readonly PlacedProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const width = problems.reduce((widest, { place }) => Math.max(widest, place.length), 0);
  return [
    `${what} is not valid: ${count}`,
    ...problems.map(({ place, message }) => `  ${place.padEnd(width)}  ${message}`),
  ].join("\n");
}
