/** Stable identifier of a kind of error. Programs branch on it, never on a message. */
export type ErrorCode =
  "usage" | "invalid-file" | "invalid-declaration" | "refused" | "failed" | "unavailable";

/** Error whose message explains it in full: a command prints it without a stack trace. */
export abstract class ExplainedError extends Error {
  /** Kind of error. */
  abstract readonly code: ErrorCode;
  /** Exit status of a command that ends with this error: 1 problems found, 2 wrong usage, 3 something needed is unavailable. */
  abstract readonly exitStatus: 1 | 2 | 3;
}

/** Wrong usage: an option, an argument or an environment variable is not valid. Exit status 2. */
export class UsageError extends ExplainedError {
  readonly code = "usage";
  readonly exitStatus = 2;
}

/** Constructs are used in a way that gives no valid declaration. Exit status 1. */
export class InvalidDeclarationError extends ExplainedError {
  readonly code = "invalid-declaration";
  readonly exitStatus = 1;
}

/** Something that was asked for is not done, because it would do harm or cannot work. Exit status 1. */
export class RefusedError extends ExplainedError {
  readonly code = "refused";
  readonly exitStatus = 1;
}

/** Something was tried and failed. Exit status 1. */
export class FailedError extends ExplainedError {
  readonly code = "failed";
  readonly exitStatus = 1;
}

/** Something needed is missing or cannot be reached. Exit status 3. */
export class UnavailableError extends ExplainedError {
  readonly code = "unavailable";
  readonly exitStatus = 3;
  /** Whether a later attempt may succeed without any change. */
  readonly isTransient: boolean;

  constructor(message: string, { isTransient }: { readonly isTransient: boolean } = permanent) {
    super(message);
    this.isTransient = isTransient;
  }
}

const permanent = { isTransient: false };

/** Whether an error is transient: a later attempt may succeed without any change. */
export function isTransient(error: unknown): error is UnavailableError {
  return error instanceof UnavailableError && error.isTransient;
}

/** Prints errors for their reader, and ends the process with the exit status of the first one. */
export function endWith(...errors: readonly unknown[]): never {
  const [status = 1] = errors.map(print);
  process.exit(status);
}

/** Prints an error for its reader. @returns its exit status */
export function print(error: unknown): number {
  const found = explained(error);
  console.error(found?.message ?? error);
  return found?.exitStatus ?? 1;
}

/**
 * The error that came first, and the errors of what was cleaned up after it: if both fail, `await using` throws one error with both.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/SuppressedError
 */
export function allErrors(error: unknown): readonly unknown[] {
  // Node 20 has no class of this name, so there it is an error with its name
  if (!(error instanceof Error && error.name === "SuppressedError")) return [error];
  const { suppressed, error: later } = error as Error & { suppressed: unknown; error: unknown };
  return [...allErrors(suppressed), ...allErrors(later)];
}

/** Ends a declaration with an error. Whatever stops a declaration is a mistake in it, so its message is enough. */
export function endWithMessage(error: Error): never {
  endWith(explained(error) ?? new InvalidDeclarationError(error.message));
}

const systemErrors: Partial<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "the disk quota is used up: free some space",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
};

/** An explained error. Errors of the operating system (full disk, missing permission) become one. */
function explained(error: unknown): ExplainedError | undefined {
  if (error instanceof ExplainedError) return error;
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return undefined;
  const explanation = systemErrors[String(error.code)];
  const path = "path" in error ? `${String(error.path)}: ` : "";
  return new UnavailableError(
    explanation === undefined ? error.message : `${path}${explanation} (${String(error.code)})`,
  );
}
