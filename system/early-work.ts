const begun = new Set<Promise<unknown>>();
const controller = new AbortController();

/**
 * Begins work whose result is probably needed later. {@link endEarlyWork} ends it if a command fails before that.
 *
 * @param work ends at the signal
 */
export function beginEarly<T>(work: (ended: AbortSignal) => Promise<T>): Promise<T> {
  const result = work(controller.signal);
  begun.add(result);
  return result;
}

/** Ends all early work, and waits until it has cleaned up. */
export async function endEarlyWork(): Promise<void> {
  controller.abort();
  await Promise.allSettled(begun);
}
