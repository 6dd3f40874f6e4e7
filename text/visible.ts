import { stripVTControlCharacters } from "node:util";

/** Scripts in which a joiner next to a virama changes how a word looks. */
const indic = [
  ...["Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya"],
  ...["Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala"],
]
  .map((script) => String.raw`\p{Script=${script}}`)
  .join("");

const arabicWord = String.raw`[[\p{L}\p{M}]&&\p{Script_Extensions=Arabic}]`;
const indicWord = String.raw`[[\p{L}\p{M}]&&[${indic}]]`;
const virama = String.raw`[[\p{M}&&\p{Diacritic}]&&[${indic}]]`;

/**
 * Zero width joiners and non-joiners where a language needs them: between letters of Arabic script, which the non-joiner separates,
 * and next to the virama of an Indic script. Anywhere else nobody sees them.
 *
 * @see https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters
 */
const neededJoiner = [
  String.raw`(?<=${arabicWord})\u200C(?=${arabicWord})`,
  String.raw`(?<=${virama})[\u200C\u200D](?=${indicWord})`,
  String.raw`(?<=${indicWord})\u200D(?=${virama})`,
].join("|");

/** Emoji contain joiners and variation selectors. The lookahead makes it ten times faster. */
const emoji = String.raw`(?=\p{Emoji})\p{RGI_Emoji}`;

const ignored = String.raw`\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Co}`;

const invisible = String.raw`(?!${neededJoiner})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}${ignored}\u2800]`;

/**
 * Beginnings of commands that the log of a CI system would act on: `::error::` at the beginning of a line, `##[` and `##vso[` anywhere.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 * @see https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
 */
const logCommand = String.raw`(?<=^\s*):(?=:)|#(?=#\w*\[)`;

const emojiOrInvisible = new RegExp(`(${emoji})|${invisible}`, "gv");
const emojiOrUnsafe = new RegExp(`(${emoji})|${invisible}|${logCommand}`, "gv");

/**
 * The first character of a text that nobody sees, that looks different everywhere, or that reorders the text: control and format
 * characters, line separators, lone surrogates, private use, the blank braille pattern. It would make a text look like another one.
 *
 * @returns undefined if there is none
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function firstInvisible(text: string): string | undefined {
  // most texts are such, and this is much faster
  if (/^[ -~]*$/.test(text)) return undefined;
  const [found] = [...text.matchAll(emojiOrInvisible)].filter(([, seen]) => seen === undefined);
  return found?.[0];
}

/** A text on one line, with its invisible characters and beginnings of log commands written as escapes. */
export function visible(text: string): string {
  return text.replace(emojiOrUnsafe, (found, seen?: string) => seen ?? escaped(found));
}

/**
 * The output of another program or a server, with its line breaks. Colours are removed, tabs become spaces, and each line is as
 * {@link visible} shows it.
 */
export function visibleLines(output: string): string {
  return stripVTControlCharacters(output)
    .replaceAll("\t", "  ")
    .split(/\r?\n/)
    .map(visible)
    .join("\n");
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
