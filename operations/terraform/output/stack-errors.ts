import {
  ExplainedError,
  FailedError,
  isTransient,
  RefusedError,
  UnavailableError,
} from "../../../text/errors.ts";

/** The error of a stack. */
export interface StackError {
  /** The stack's name; see TerraformRun. */
  readonly name: string;
  readonly error: unknown;
}

/** What the errors that can be explained say of their stacks, for a message before another error is thrown. */
export function explanations(failed: readonly StackError[]): string[] {
  return failed.flatMap(({ name, error }) =>
    error instanceof ExplainedError ? [`${name}: ${error.message}`] : [],
  );
}

/**
 * One error for those of several stacks, which names each stack.
 *
 * @param stacks the number of stacks that the realm has
 * @returns the error itself if there is only one stack, or if it is none that can be explained
 */
export function oneError(failed: readonly StackError[], stacks: number): unknown {
  const unexpected = failed.find(({ error }) => !(error instanceof ExplainedError));
  const [first] = failed;
  if (unexpected) return unexpected.error;
  if (stacks === 1) return first?.error;
  const message = explanations(failed).join("\n");
  if (failed.every(({ error }) => isTransient(error)))
    return new UnavailableError(message, { isTransient: true });
  if (failed.every(({ error }) => error instanceof UnavailableError))
    return new UnavailableError(message);
  if (failed.every(({ error }) => error instanceof RefusedError)) return new RefusedError(message);
  return new FailedError(message);
}
