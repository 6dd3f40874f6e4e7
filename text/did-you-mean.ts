import { closest, distance } from "fastest-levenshtein";

/** `; did you mean "orders:read"?` where one of the known words is near, otherwise an empty text. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(word, known);
  const near =
    distance(word.toLowerCase(), nearest.toLowerCase()) <= Math.max(1, nearest.length / 3);
  return near ? `; did you mean ${JSON.stringify(nearest)}?` : "";
}

/** `"a", "b"` */
export function listed(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(", ");
}
