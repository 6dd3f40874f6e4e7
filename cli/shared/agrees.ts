import { createInterface } from "node:readline/promises";
import { isAbortError } from "../../system/interruption.ts";

/**
 * Asks a question on the terminal. Only the answer "yes" agrees; Ctrl-D declines.
 *
 * @param interrupted ends the question; Ctrl-C interrupts the command
 * @throws the reason of the interruption
 */
export async function agrees(question: string, interrupted: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // the terminal reports Ctrl-C as a key while it waits for an answer
  terminal.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = await terminal.question(`${question} only "yes" is accepted: `, {
      signal: interrupted,
    });
    return answer === "yes";
  } catch (error) {
    // Ctrl-D
    if (isAbortError(error) && !interrupted.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
