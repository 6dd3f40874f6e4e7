// node .github/scripts/touched-files.mjs <file> <count>  prints which files outside the team's own a pull request touches, as Markdown
//   <file>   GitHub's list of the pull request's files, one JSON object per line: filename, previous_filename
//   <count>  the number of files in the pull request; GitHub lists only the first 3,000
import { readFileSync } from "node:fs";
import process from "node:process";
import { isTeamsFile } from "./teams-files.mjs";

const document = /^docs\/|\.md$/;
const mostNames = 20;
const longestName = 120;

const [file, count] = process.argv.slice(2);
const files = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const names = files.flatMap(({ filename, previous_filename: before }) =>
  before ? [filename, before] : [filename],
);
const outside = [...new Set(names)].filter((name) => !isTeamsFile(name));
const documents = outside.filter((name) => document.test(name));
const others = outside.filter((name) => !document.test(name));

const lines = [
  ...(others.length > 0
    ? [`**This change edits what reviews it.** ${touches(others, "file")}`]
    : []),
  ...(documents.length > 0 ? [touches(documents, "document")] : []),
  ...(Number(count) > files.length
    ? [`**GitHub lists only ${files.length} of its ${count} files.** Read the others yourself.`]
    : []),
];
process.stdout.write(lines.map((line) => `${line}\n\n`).join(""));

function touches(list, noun) {
  const shown = list.slice(0, mostNames).map(code).join(", ");
  const more = list.length > mostNames ? ` and ${list.length - mostNames} more` : "";
  return `It touches ${list.length} ${noun}${list.length === 1 ? "" : "s"} outside the team's own: ${shown}${more}.`;
}

/** A name as Markdown code. It comes from outside, so it must not end the code, and invisible characters become visible. */
function code(name) {
  const characters = Array.from(name);
  const short =
    characters.length > longestName ? `${characters.slice(0, longestName).join("")}…` : name;
  const visible = short.replace(
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (found) => `\\u{${found.codePointAt(0).toString(16)}}`,
  );
  const fence = "`".repeat(
    Math.max(0, ...(visible.match(/`+/g) ?? []).map((run) => run.length)) + 1,
  );
  const space = /^[` ]|[` ]$/.test(visible) ? " " : "";
  return `${fence}${space}${visible}${space}${fence}`;
}
