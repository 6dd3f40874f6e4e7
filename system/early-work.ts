const begun = new Map<Promise<unknown>, AbortController>();

/**
 * Begins work whose result is probably needed later. {@link endEarlyWork} ends it if a command fails before that.
 *
 * @param work ends at its signal
 */
export function beginEarly<T>(work: (ended: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const result: Promise<T> = work(controller.signal).finally(() => {
    begun.delete(result);
  });
  begun.set(result, controller);
  return result;
}

/** Ends all early work, and waits until it has cleaned up. */
export async function endEarlyWork(): Promise<void> {
  for (const controller of begun.values()) controller.abort();
  await Promise.allSettled(begun.keys());
}
