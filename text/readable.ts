import { visibleLines } from "./visible.ts";
import { withoutPasswords } from "./without-passwords.ts";

/** Output of another program as a message shows it: without passwords of addresses, and as {@link visibleLines} shows it. */
export function readable(output: string): string {
  return visibleLines(withoutPasswords(output.trim()));
}
