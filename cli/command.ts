import { failedRequest, mayPass } from "../keycloak/patience.ts";
import { endWith, ExplainedError } from "../text/errors.ts";

/** Runs a command: its exit status is 0, or what its error says, 2 where its arguments make no sense, 130 after Ctrl-C or the end of its terminal. */
export async function command(run: (interrupted: AbortSignal) => Promise<void>): Promise<void> {
  const interruption = new AbortController();
  const interrupt = () => {
    interruption.abort();
  };
  // stays: execa ends the process at a signal that nobody listens to any more
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);
  try {
    await run(interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) {
      console.error("interrupted");
      process.exit(130);
    }
    endWith(explained(error));
  }
}

/**
 * Refuses to show secrets to anything but a terminal.
 *
 * @throws ExplainedError (2) where standard output is none
 */
export function needTerminal(): void {
  if (process.stdout.isTTY) return;
  throw new ExplainedError(
    2,
    "credentials are shown on a terminal only, so that no file or log holds them; run this in one",
  );
}

function explained(error: unknown): unknown {
  const refusal = failedRequest(error);
  if (refusal !== undefined) return new ExplainedError(mayPass(refusal) ? 3 : 1, refusal);
  if (!(error instanceof Error) || !("code" in error)) return error;
  const isUsage = String(error.code).startsWith("ERR_PARSE_ARGS");
  return isUsage ? new ExplainedError(2, error.message) : error;
}
