import { readFileSync } from "node:fs";
import { isMap, isNode, isSeq, LineCounter, type Pair, type YAMLMap } from "yaml";
import { type Path, pathText } from "./path.ts";
import { InvalidFileError, type Problem } from "./problems.ts";
import { parseYaml } from "./syntax.ts";
import { keyText, plainValue } from "./values.ts";

/** Values of a YAML file that know where they stand. */
export interface YamlFile {
  /** The file, as it was named. */
  readonly file: string;
  /** The values, plain data. */
  readonly value: unknown;
  /** What is wrong with the file's structure; values without a say in it are there all the same. */
  readonly problems: readonly Problem[];
  /** A problem at a field's value, or at its key where the value is not the point. */
  problem(path: Path, message: string, at?: "key" | "value"): Problem;
}

/** How to read a YAML file. */
export interface YamlOptions {
  /** What to do if the file is missing. */
  readonly hint: string;
  /**
   * Whether the keys of the fields at a path are ids; errors name them so.
   * @default all keys are fields
   */
  readonly isId?: (path: Path) => boolean;
}

/**
 * Reads a YAML 1.2 file strictly: one document, unique keys, no anchors, aliases or tags.
 *
 * @throws InvalidFileError with every problem of the syntax
 */
export function readYaml(file: string, { hint, isId }: YamlOptions): YamlFile {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parseYaml(readText(file, hint), lines);
  if (parsed.problems.length > 0) {
    const located = parsed.problems.map(({ offset, message }) => ({ ...at(offset), message }));
    throw new InvalidFileError(file, located);
  }
  const problemAt = (node: unknown, path: Path, message: string): Problem => ({
    ...at(startOf(node)),
    ...(path.length > 0 && { path: pathText(path) }),
    message,
  });
  const problems: Problem[] = [];
  const { root } = parsed;
  const value = plainValue(root, {
    report: (...problem) => problems.push(problemAt(...problem)),
    lineOf: (node) => at(startOf(node)).line,
    isId: isId ?? (() => false),
  });
  const find = finder(root);
  return {
    file,
    value,
    problems,
    problem: (path, message, where = "value") => problemAt(find(path)[where], path, message),
  };
}

function readText(file: string, hint: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new InvalidFileError(file, [
      { message: unreadable(error as NodeJS.ErrnoException, hint) },
    ]);
  }
}

function unreadable({ code, message }: NodeJS.ErrnoException, hint: string): string {
  if (code === "ENOENT" || code === "ENOTDIR") return `there is no such file; ${hint}`;
  if (code === "EISDIR") return "is a folder; name a file";
  if (code === "EACCES") return "may not be read; check its permissions";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "is not UTF-8 text; save it as UTF-8";
  return `cannot be read: ${message}`;
}

interface Found {
  readonly key: unknown;
  readonly value: unknown;
}

/** Finds nodes by path; each map is indexed once, since a file may have as many problems as entries. */
function finder(root: unknown): (path: Path) => Found {
  const indexes = new Map<YAMLMap, ReadonlyMap<string | undefined, Pair>>();
  const indexed = (map: YAMLMap) => {
    const index = new Map<string | undefined, Pair>();
    // of two equal keys the first is the one whose value counts
    for (const pair of map.items.toReversed()) index.set(keyText(pair.key), pair);
    indexes.set(map, index);
    return index;
  };
  return (path) => {
    let found: Found = { key: root, value: root };
    for (const step of path) {
      const { value } = found;
      if (isSeq(value)) {
        const item = value.items[Number(step)];
        found = { key: item, value: item };
      } else if (isMap(value)) {
        const pair = (indexes.get(value) ?? indexed(value)).get(String(step));
        if (!pair) break;
        found = { key: pair.key, value: pair.value ?? pair.key };
      }
    }
    return found;
  };
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
