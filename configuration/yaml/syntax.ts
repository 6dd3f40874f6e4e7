import {
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLParseError,
} from "yaml";
import { visible } from "../../text/quoted.ts";
import { anchorsRefused } from "./values.ts";

/** Something that keeps a text from being YAML. */
export interface SyntaxProblem {
  /** Where, counted in UTF-16 code units from 0. */
  readonly offset: number;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

/** A text's value, and what is wrong with its syntax. */
export interface Parsed {
  /** The first document's value, null where there is none. */
  readonly root: Node | null;
  /** The problems; where there are any, the value is only a guess. */
  readonly problems: readonly SyntaxProblem[];
}

/** Parses a text as one YAML document. */
export function parseYaml(text: string, lineCounter: LineCounter): Parsed {
  const early = foreign(text);
  if (early) {
    lineCounter.addNewLine(0);
    for (const { index } of text.slice(0, early.offset).matchAll(/\n/g))
      lineCounter.addNewLine(index + 1);
    return { root: null, problems: [early] };
  }
  // yaml's own check of unique keys compares every key with every other
  const options = { uniqueKeys: false, prettyErrors: false, lineCounter };
  const parsed = parseAllDocuments(text, options);
  const documents = Array.isArray(parsed) ? parsed : [];
  const [document, second] = documents;
  const problems = documents.flatMap((each) =>
    each.errors.map((error) => inWords(error, each.contents)),
  );
  if (second)
    problems.push({
      offset: second.range[0],
      message: "a second document starts here; keep one a file",
    });
  return {
    root: document?.contents ?? null,
    problems: withoutEchoes(problems, ({ offset }) => lineCounter.linePos(offset).line),
  };
}

/** What no YAML parser would explain well. */
function foreign(text: string): SyntaxProblem | undefined {
  const zero = text.indexOf("\0");
  if (zero >= 0)
    return {
      offset: zero,
      message: "a zero byte, as in UTF-16 and binary files; save it as UTF-8 text",
    };
  const conflict = /^<{7} /m.exec(text);
  return conflict
    ? { offset: conflict.index, message: "a merge conflict starts here; resolve it" }
    : undefined;
}

const tooDeep = "is nested too deeply; flatten it";

/** One mistake makes the parser stumble again in the same line, and nesting too deep at every level. */
function withoutEchoes(
  problems: readonly SyntaxProblem[],
  lineOf: (problem: SyntaxProblem) => number,
): readonly SyntaxProblem[] {
  const deep = problems.find(({ message }) => message === tooDeep);
  if (deep) return [deep];
  const lines = problems.map(lineOf);
  return problems.filter((_, index) => lines.indexOf(lines[index] ?? 0) === index);
}

// what yaml says, and what helps its reader
const words: readonly (readonly [RegExp, string])[] = [
  [/^Tabs are not allowed/, "a tab indents this line; indent with spaces"],
  [/ and end with a (.)$/, "a $1 is missing before this place"],
  [/ items must start at the same column$/, "this line is indented like no line above; align it"],
  [/^Nested mappings are not/, 'a second ":" in this line; put the value in quotes'],
  [
    /^A block sequence may not|^Unexpected block-seq-ind/,
    "a list cannot start in this line; put it in lines of its own",
  ],
  [
    /^(Implicit keys need|Implicit map keys need|Implicit keys of)/,
    'a ":" is missing after this key',
  ],
  [/^Plain value cannot start with (?:.* )?(.)$/, "a value cannot start with $1; put it in quotes"],
  [/^Block collections are not|^Missing , /, "a comma is missing before this place"],
  [/^Comments must be separated/, "a space is missing before #"],
  [/^Unexpected .* at node end$/, "nothing may follow the value; put all of it in quotes"],
  [/^Invalid escape sequence (.*)$/s, "the escape $1 is unknown; write \\\\ for a backslash"],
  [/^A node can have at most one anchor$/, anchorsRefused],
];

function inWords(
  { code, message, pos }: Pick<YAMLParseError, "code" | "message" | "pos">,
  root: Node | null,
): SyntaxProblem {
  const offset = pos[0];
  if (code === "RESOURCE_EXHAUSTION") return { offset, message: tooDeep };
  if (message.startsWith("Missing closing"))
    return {
      offset: lastScalar(root) ?? offset,
      message: "the quote that starts here is not closed",
    };
  for (const [pattern, said] of words) {
    const match = pattern.exec(message);
    if (match) return { offset, message: visible(said.replace("$1", () => match[1] ?? "")) };
  }
  const unknown = `is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  return { offset, message: visible(unknown) };
}

function lastScalar(node: unknown): number | undefined {
  if (isScalar(node)) return node.range?.[0];
  if (isSeq(node)) return lastScalar(node.items.at(-1));
  if (!isMap(node)) return undefined;
  const pair = node.items.at(-1);
  return lastScalar(pair?.value ?? pair?.key);
}
