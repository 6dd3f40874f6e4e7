import { readFileSync } from "node:fs";
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
} from "yaml";
import { InvalidFileError, type Problem } from "./problems.ts";

/** A place in a document: field names and list indexes. */
export type Path = readonly (string | number)[];

/** Values of a YAML file that know where they stand. */
export interface YamlFile {
  /** The file, as it was named. */
  readonly file: string;
  /** The values, plain data. */
  readonly value: unknown;
  /** A problem at a field's value, or at its key where the value is not the point. */
  problem(path: Path, message: string, at?: "key" | "value"): Problem;
}

const syntaxWords: Partial<Record<string, string>> = {
  TAB_AS_INDENT: "a tab indents this line; indent with spaces",
  DUPLICATE_KEY: "this key stands twice",
  MULTIPLE_ANCHORS: "anchors are not allowed; write the value out",
};

/**
 * Reads a YAML 1.2 file strictly: one document, text keys that stand once, no anchors, aliases or tags.
 *
 * @param hint what to do where the file is missing
 * @throws InvalidFileError with every problem of the text
 */
export function readYamlFile(file: string, hint: string): YamlFile {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const text = readText(file, hint);
  const parsed = parse(file, text, lines);
  const document = parsed[0];
  const second = parsed[1];
  const problems: Problem[] = parsed.flatMap(({ errors }) =>
    errors.map(({ code, message, pos }) => ({
      ...at(pos[0]),
      message:
        syntaxWords[code] ?? `is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    })),
  );
  if (second) {
    problems.push({
      ...at(second.range[0]),
      message: "a second document starts here; keep one a file",
    });
  }
  const root: Node | null = document?.contents ?? null;
  const value =
    problems.length > 0 ? undefined : plain(root, [], (found) => problems.push(found), at);
  if (problems.length > 0) throw new InvalidFileError(file, problems);
  return {
    file,
    value,
    problem: (path, message, where = "value") => ({
      ...at(offsetOf(root, path, where)),
      ...(path.length > 0 && { path: pathText(path) }),
      message,
    }),
  };
}

function readText(file: string, hint: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new InvalidFileError(file, [{ message: unreadable(error, hint) }]);
  }
}

function unreadable(error: unknown, hint: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return `there is no such file; ${hint}`;
  if (code === "EISDIR") return `is a folder, not a file; ${hint}`;
  if (code === "EACCES") return "may not be read; check its permissions";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "is not UTF-8 text; save it as UTF-8";
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

function parse(file: string, text: string, lineCounter: LineCounter) {
  try {
    // yaml's own check of unique keys compares every key with every other
    const documents = parseAllDocuments(text, {
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter,
    });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidFileError(file, [{ message: "is nested too deeply; flatten it" }]);
  }
}

function plain(
  node: unknown,
  path: Path,
  report: (problem: Problem) => void,
  at: (offset: number) => { line: number; column: number },
): unknown {
  const refuse = (where: unknown, message: string, of: Path = path) => {
    report({ ...at(startOf(where)), ...(of.length > 0 && { path: pathText(of) }), message });
  };
  if (isAlias(node)) {
    refuse(node, "aliases are not allowed; write the value out");
    return undefined;
  }
  if (isScalar(node) || isMap(node) || isSeq(node)) {
    if (node.anchor !== undefined) refuse(node, "anchors are not allowed; write the value out");
    if (node.tag !== undefined) refuse(node, `the tag ${node.tag} is not allowed; leave it out`);
  }
  if (isSeq(node))
    return node.items.map((item, index) => plain(item, [...path, index], report, at));
  if (!isMap(node)) return isScalar(node) ? node.value : null;

  const fields = new Map<string, unknown>();
  const lineOf = new Map<string, number>();
  for (const { key, value } of node.items) {
    if (!isScalar(key) || typeof key.value !== "string") {
      refuse(
        key,
        `a key must be text${isScalar(key) ? `; put ${String(key.value)} in quotes` : ""}`,
      );
      continue;
    }
    const name = key.value;
    const before = lineOf.get(name);
    if (before !== undefined) {
      const what = path.length === 1 && path[0] === "customers" ? "id" : "field";
      refuse(key, `the ${what} ${JSON.stringify(name)} is already used on line ${before}`, [
        ...path,
        name,
      ]);
    } else if (name === "__proto__") {
      refuse(key, `nothing can be called "__proto__"; choose another name`, [...path, name]);
    } else {
      lineOf.set(name, at(startOf(key)).line);
      fields.set(name, plain(value, [...path, name], report, at));
    }
  }
  return Object.fromEntries(fields);
}

function startOf(node: unknown): number {
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
}

function offsetOf(root: Node | null, path: Path, where: "key" | "value"): number {
  let node: unknown = root;
  let key: unknown = root;
  for (const step of path) {
    if (isSeq(node)) {
      key = node = node.items[Number(step)];
    } else if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && item.key.value === step,
      );
      if (!pair) break;
      key = pair.key;
      node = pair.value ?? pair.key;
    }
  }
  return startOf(where === "key" ? key : node);
}

function pathText(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join("");
}
