/**
 * Works without the creation stack that cdktf records for each token and each reference. It takes most of the time of constructing, and
 * only the message of an error that a token throws shows it. Tokens of this project throw none. Errors have their own stack as always.
 */
export function withoutCreationStacks<T>(work: () => T): T {
  const recording: unknown = Reflect.get(Error, "captureStackTrace");
  // cdktf then takes the stack for an empty one
  Error.captureStackTrace = () => undefined;
  try {
    return work();
  } finally {
    Reflect.set(Error, "captureStackTrace", recording);
  }
}
