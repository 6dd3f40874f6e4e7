import { visible } from "../../../text/visible.ts";

const longest = 120;

/**
 * A text from outside as Markdown code. Inside code, GitHub and GitLab look for no mention, issue, link, image, HTML or emoji. A
 * vertical bar, which would end a table's cell even inside code, is put between two pieces of code.
 *
 * @see https://github.github.com/gfm/#code-spans
 */
export function code(text: string): string {
  const pieces = cut(visible(text), longest).split("|");
  return pieces.map(piece).join("&#124;");
}

function piece(text: string): string {
  if (text === "") return "";
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const needsSpace = /^`|`$|^ .*[^ ].* $/.test(text);
  return needsSpace ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

/** A value of any type as Markdown code; a missing value is a dash. */
export function codeValue(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return value === "" ? "(empty)" : code(typeof value === "string" ? value : JSON.stringify(value));
}

/** A text from outside for a quoted mermaid label: everything but letters and digits as character codes. */
export function label(text: string): string {
  const short = cut(visible(text), 40);
  if (/^[\w:.-]+$/.test(short)) return short;
  return short.replace(/[^\p{L}\p{N} ]/gu, (found) => `#${found.codePointAt(0) ?? 32};`);
}

function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}
