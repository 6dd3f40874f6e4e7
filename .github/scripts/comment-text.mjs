// node .github/scripts/comment-text.mjs <file> <most characters> <place of the whole text>  prints a text as a comment may contain it
import { readFileSync } from "node:fs";
import process from "node:process";

/**
 * A text as a comment may contain it: it mentions nobody, and it is not too long. A text that is too long ends after a whole row and
 * outside of a code block. Then it names the place of the whole text.
 */
export function commentText(text, mostCharacters, place) {
  // a zero-width space prevents mentions from notifying people; e-mail addresses stay as they are
  const quiet = text.replace(/(?<!\w)@/g, "@\u200b");
  if (quiet.length <= mostCharacters) return quiet;
  const end = `\n\n… The rest is in ${place}.\n`;
  const cut = quiet.slice(0, mostCharacters - end.length);
  const rows = cut.split("\n").slice(0, -1);
  const fences = rows.flatMap((row, index) => (row.startsWith("```") ? [index] : []));
  const isInCode = fences.length % 2 === 1;
  const whole = rows.slice(0, isInCode ? fences.at(-1) : undefined).join("\n");
  return `${whole || cut}${end}`;
}

if (process.argv[1] === import.meta.filename) {
  const [file, mostCharacters, place] = process.argv.slice(2);
  process.stdout.write(commentText(readFileSync(file, "utf8"), Number(mostCharacters), place));
}
