import { z } from "zod";
import { quoted } from "../../text/quoted.ts";
import { withErrorHints } from "../error-hints.ts";

/** Schema of a whole number, with a description of it for errors. */
export function wholeNumber(expected: string, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}) {
  const schema = z
    .number()
    .refine((number) => Number.isSafeInteger(number) && number >= min && number <= max, {
      // a number that is too large is not exact, so the message does not repeat it
      error: ({ input }) =>
        Number.isInteger(input) && !Number.isSafeInteger(input)
          ? `is out of range; write ${expected}`
          : `must be ${expected}, not ${quoted(input)}`,
    });
  return withErrorHints(schema, { expected });
}
