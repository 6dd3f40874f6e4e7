import { visible } from "./visible.ts";

const longest = 80;

/** A value as errors show it: text in quotes, shortened to 80 characters, on one line, as {@link visible} shows it. */
export function quoted(value: unknown): string {
  if (typeof value !== "string") return String(value);
  const text = value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
  return visible(JSON.stringify(text));
}
