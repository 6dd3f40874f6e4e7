import { holdsPrivateKey } from "./private-keys.ts";
import { visible } from "./visible.ts";
import { hidden, withoutPasswords } from "./without-passwords.ts";

const longest = 80;

/**
 * A value as errors show it: text in quotes, shortened to 80 characters, on one line, as {@link visible} shows it, without passwords of
 * addresses. A text with a private key is hidden.
 */
export function quoted(value: unknown): string {
  if (typeof value !== "string") return String(value);
  if (holdsPrivateKey(value)) return hidden;
  const shown = withoutPasswords(value);
  const text = shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown;
  return visible(JSON.stringify(text));
}
