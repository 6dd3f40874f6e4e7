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
  const found = explained(error);
  if (found) {
    console.error(found.message);
    process.exit(found.exitStatus);
  }
  console.error(error);
  process.exit(1);
}

/** The same for a declaration: whatever stops one is a mistake in it, and its message says which. */
export function endWithMessage(error: Error): never {
  endWith(explained(error) ?? new ExplainedError(1, error.message));
}

const systemErrors: Partial<Record<string, string>> = {
  ENOSPC: "the disk is full; make room",
  EDQUOT: "the disk quota is used up; make room",
  EROFS: "the disk may not be written to",
  EACCES: "the permission is missing",
};

/** An explained error, also where the system refuses something: a folder may not be written to, a disk is full. */
function explained(error: unknown): ExplainedError | undefined {
  if (error instanceof ExplainedError) return error;
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return undefined;
  const words = systemErrors[String(error.code)];
  const path = "path" in error ? `${String(error.path)}: ` : "";
  return new ExplainedError(
    3,
    words === undefined ? error.message : `${path}${words} (${String(error.code)})`,
  );
}
