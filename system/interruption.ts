const controller = new AbortController();

/** Aborts when this process is told to end: by Ctrl-C, by SIGTERM, or because its terminal is closed. */
export const interruption: AbortSignal = controller.signal;

/** Lets signals abort {@link interruption}, instead of ending this process at once. Further signals have no effect. */
export function interruptAtSignals(): void {
  // stays registered: execa ends the process at a signal that nobody listens to any more
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      controller.abort();
    });
}

/** Whether an error is only the consequence of an abort, so that it explains nothing. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
