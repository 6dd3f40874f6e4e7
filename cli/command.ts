import { endWith, ExplainedError } from "../text/errors.ts";

/** Runs a command: its exit status is 0, or what its error says, and 2 where its arguments make no sense. */
export async function command(run: () => Promise<void> | void): Promise<void> {
  try {
    await run();
  } catch (error) {
    const misused =
      error instanceof TypeError &&
      "code" in error &&
      String(error.code).startsWith("ERR_PARSE_ARGS");
    endWith(misused ? new ExplainedError(2, error.message) : error);
  }
}
