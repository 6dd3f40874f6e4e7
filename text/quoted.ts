const longest = 80;

// zero width joiner and non-joiner are part of emoji and of several scripts
const joiners = "\u200C\u200D";

/**
 * Characters that nobody sees in a text or that reorder it: control and format characters, line separators, lone surrogates.
 * They would make a text look like another one.
 *
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export const invisible = new RegExp(`(?![${joiners}])[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]`, "u");

const everyInvisible = new RegExp(invisible, "gu");

/** A value as errors show it: text in quotes, shortened to 80 characters, on one line, without invisible characters. */
export function quoted(value: unknown): string {
  if (typeof value !== "string") return String(value);
  const text = value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
  return visible(JSON.stringify(text));
}

/** A text with its invisible characters written as escapes. */
export function visible(text: string): string {
  return text.replace(everyInvisible, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
