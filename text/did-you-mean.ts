import { closest, distance } from "fastest-levenshtein";
import { quoted } from "./quoted.ts";

/** Hint `; did you mean "orders:read"?` if a known word is close; otherwise an empty text. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : `; did you mean ${quoted(near)}?`;
}

/** Hint about an unknown word: {@link didYouMean}, or else a list of the known words. */
export function hint(word: string, known: readonly string[], otherwise = ""): string {
  return didYouMean(word, known) || `; known: ${listed(known) || "none"}${otherwise}`;
}

/** The known word that another word probably misspells; undefined if none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = word.toLowerCase();
  const near = closest(
    lower,
    known.map((other) => other.toLowerCase()),
  );
  if (distance(lower, near) > Math.max(1, 0.3 * near.length)) return undefined;
  return known.find((other) => other.toLowerCase() === near);
}

/** Words in quotes, separated by commas: `"a", "b"`. */
export function listed(words: readonly string[]): string {
  return words.map(quoted).join(", ");
}
