import { ExplainedError, isTransient, UnavailableError } from "../../text/errors.ts";

/**
 * Awaits terraform's work.
 *
 * @throws UnavailableError if it fails, because something needed is unavailable then
 */
export async function required<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    throw new UnavailableError(error.message, { isTransient: isTransient(error) });
  }
}
