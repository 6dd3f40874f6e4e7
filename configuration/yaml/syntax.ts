import {
  Composer,
  type CST,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type LineCounter,
  type Node,
  Parser,
  type YAMLParseError,
} from "yaml";
import { visible } from "../../text/visible.ts";
import { anchorMessage, privateKeyMessage } from "./values.ts";

/** Syntax error in a YAML text. */
export interface SyntaxProblem {
  /** The position, counted in UTF-16 code units from 0. */
  readonly offset: number;
  /** The problem and its fix. */
  readonly message: string;
}

/** Result of {@link parseYaml}. */
export interface ParsedYaml {
  /** The value of the first document; null if it is empty. */
  readonly root: Node | null;
  /** The problems. If there are any, the value is unreliable. */
  readonly problems: readonly SyntaxProblem[];
}

/** Parses a text as one YAML document. */
export function parseYaml(text: string, lineCounter: LineCounter): ParsedYaml {
  const unparsable = unparsableProblem(text);
  if (unparsable) {
    lineCounter.addNewLine(0);
    for (const { index } of text.slice(0, unparsable.offset).matchAll(/\n/g))
      lineCounter.addNewLine(index + 1);
    return { root: null, problems: [unparsable] };
  }
  const tokens = tokensOf(text, lineCounter);
  if ("offset" in tokens) return { root: null, problems: [tokens] };
  // the composer's own check of unique keys compares every key with every other key
  const options = { uniqueKeys: false, prettyErrors: false, lineCounter };
  const documents = [...new Composer(options).compose(tokens)];
  const [document, second] = documents;
  const problems = documents.flatMap((each) =>
    each.errors.map((error) => explain(error, each.contents)),
  );
  const version = /^%YAML .*$/m.exec(text);
  if (version && document?.directives.yaml.version === "1.1")
    problems.push({
      offset: version.index,
      message: "%YAML 1.1 reads values differently; remove it",
    });
  if (second)
    problems.push({
      offset: second.range[0],
      message: "a second document starts here; keep one document per file",
    });
  return {
    root: document?.contents ?? null,
    problems: withoutFollowUps(problems, ({ offset }) => lineCounter.linePos(offset).line),
  };
}

/** Problem of a text that is not meant as YAML, which the parser would not explain well. */
function unparsableProblem(text: string): SyntaxProblem | undefined {
  const zero = text.indexOf("\0");
  if (zero >= 0)
    return {
      offset: zero,
      message: "contains a zero byte, as in a UTF-16 or binary file; save the file as UTF-8 text",
    };
  const conflict = /^<{7} /m.exec(text);
  return conflict
    ? { offset: conflict.index, message: "a merge conflict starts here; resolve it" }
    : undefined;
}

/** Levels of nesting that are accepted. The composer is recursive, and much deeper nesting would overflow the stack. */
const deepest = 100;

/** First line of a private key in PEM. Unlike in a value, its mere name may appear in a comment. */
const privatePem = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** The tokens of a text, or the problem that it is nested too deeply or that a comment holds a private key. */
function tokensOf(text: string, lineCounter: LineCounter): CST.Token[] | SyntaxProblem {
  const parser = new Parser(lineCounter.addNewLine);
  lineCounter.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    // the values are checked later, but comments are in no value
    if (lexeme.startsWith("#") && privatePem.test(lexeme))
      return { offset: parser.offset, message: privateKeyMessage };
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > deepest)
      return { offset: parser.offset, message: "is nested too deeply; flatten it" };
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Removes errors that only follow from another one: after a mistake, the composer often reports more errors on the same line. */
function withoutFollowUps(
  problems: readonly SyntaxProblem[],
  lineOf: (problem: SyntaxProblem) => number,
): readonly SyntaxProblem[] {
  const lines = problems.map(lineOf);
  return problems.filter((_, index) => lines.indexOf(lines[index] ?? 0) === index);
}

// messages of the parser, and explanations that say how to fix the mistake
const explanations: readonly (readonly [RegExp, string])[] = [
  [/^Tabs are not allowed/, "this line is indented with a tab; use spaces"],
  [/ and end with a (.)$/, "a $1 is missing before this point"],
  [
    / items must start at the same column$/,
    "the indentation of this line matches no line above; align it",
  ],
  [/^Nested mappings are not/, 'this line contains a second ":"; put the value in quotes'],
  [
    /^A block sequence may not|^Unexpected block-seq-ind/,
    "a list cannot start on this line; put it on lines of its own",
  ],
  [
    /^(Implicit keys need|Implicit map keys need|Implicit keys of)/,
    'a ":" is missing after this key',
  ],
  [/^Plain value cannot start with (?:.* )?(.)$/, "a value cannot start with $1; put it in quotes"],
  [/^Block collections are not|^Missing , /, "a comma is missing before this point"],
  [/^Comments must be separated/, "a space is missing before #"],
  [/^Unexpected .* at node end$/, "nothing may follow the value; put all of it in quotes"],
  [/^Invalid escape sequence (.*)$/s, "the escape $1 is unknown; write \\\\ for a backslash"],
  [/^A node can have at most one anchor$/, anchorMessage],
];

function explain(
  { message, pos }: Pick<YAMLParseError, "message" | "pos">,
  root: Node | null,
): SyntaxProblem {
  const offset = pos[0];
  if (message.startsWith("Missing closing"))
    return {
      offset: lastScalarOffset(root) ?? offset,
      message: "the quote that starts here is not closed",
    };
  for (const [pattern, explanation] of explanations) {
    const match = pattern.exec(message);
    if (match) return { offset, message: visible(explanation.replace("$1", () => match[1] ?? "")) };
  }
  // after the colon is a piece of the file, and a long one may be a key
  const problem = message.replace(/: .{20,}$/s, "");
  const original = `is not valid YAML: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}`;
  return { offset, message: visible(original) };
}

/** Offset of the last scalar, which is where an unclosed quote starts. */
function lastScalarOffset(node: unknown): number | undefined {
  if (isScalar(node)) return node.range?.[0];
  if (isSeq(node)) return lastScalarOffset(node.items.at(-1));
  if (!isMap(node)) return undefined;
  const pair = node.items.at(-1);
  return lastScalarOffset(pair?.value ?? pair?.key);
}
