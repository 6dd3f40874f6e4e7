/** An error that its message explains in full: it is shown without a stack trace, and ends the command with `exitStatus`. */
export class ExplainedError extends Error {
  /** 1 problems found, 2 wrong usage, 3 something needed is not reachable. */
  readonly exitStatus: 1 | 2 | 3;

  constructor(exitStatus: 1 | 2 | 3, message: string) {
    super(message);
    this.exitStatus = exitStatus;
  }
}

/** Shows an error as its reader needs it, and ends the process with its exit status. */
export function endWith(error: unknown): never {
  if (error instanceof ExplainedError) {
    console.error(error.message);
    process.exit(error.exitStatus);
  }
  console.error(error);
  process.exit(1);
}

/** The same for a declaration: whatever stops one is a mistake in it, and its message says which. */
export function endWithMessage(error: Error): never {
  endWith(error instanceof ExplainedError ? error : new ExplainedError(1, error.message));
}
