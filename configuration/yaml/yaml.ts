import { readFileSync } from "node:fs";
import { isMap, isNode, isSeq, LineCounter, type Pair, type YAMLMap } from "yaml";
import { type Path, pathText } from "./path.ts";
import { readPlain } from "./plain.ts";
import { InvalidFileError, type Problem } from "./problems.ts";
import { parseYaml } from "./syntax.ts";
import { keyText, plainValue } from "./values.ts";

/** Values of a YAML file, with their locations. */
export interface YamlFile {
  /** The path of the file, as the caller gave it. */
  readonly file: string;
  /** The values, as plain data. */
  readonly value: unknown;
  /** Problems of the file's structure. Values that they do not affect are usable. */
  readonly problems: readonly Problem[];
  /** Creates a problem that is located at a field's value or at its key. */
  problem(path: Path, message: string, location?: "key" | "value"): Problem;
}

/** Options of {@link readYaml}. */
export interface YamlOptions {
  /** The fix for a missing file, for the error about it. */
  readonly missingFileFix: string;
  /**
   * Whether the keys at a path are ids. Errors call a key "id" or "field".
   * @default every key is a field
   */
  readonly isId?: (path: Path) => boolean;
}

/**
 * Reads a YAML 1.2 file strictly: one document, unique keys, no anchors, aliases or tags.
 *
 * @throws InvalidFileError if the file cannot be read, or with every problem of its syntax
 */
export function readYaml(file: string, { missingFileFix, isId }: YamlOptions): YamlFile {
  const text = readText(file, missingFileFix);
  const value = readPlain(text);
  if (value === undefined) return locatedYaml(file, text, isId);
  // only problems and warnings need the locations
  let located: YamlFile | undefined;
  return {
    ...{ file, value, problems: [] },
    problem: (...problem) => (located ??= locatedYaml(file, text, isId)).problem(...problem),
  };
}

/**
 * Reads a YAML text with the locations of its values, which takes time.
 *
 * @throws InvalidFileError with every problem of its syntax
 */
export function locatedYaml(file: string, text: string, isId: YamlOptions["isId"]): YamlFile {
  const lines = new LineCounter();
  const locationOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parseYaml(text, lines);
  if (parsed.problems.length > 0) {
    const located = parsed.problems.map(({ offset, message }) => ({
      ...locationOf(offset),
      message,
    }));
    throw new InvalidFileError(file, located);
  }
  const problemAt = (node: unknown, path: Path, message: string): Problem => ({
    ...locationOf(startOf(node)),
    ...(path.length > 0 && { path: pathText(path) }),
    message,
  });
  const problems: Problem[] = [];
  const { root } = parsed;
  const value = plainValue(root, {
    report: (...problem) => problems.push(problemAt(...problem)),
    lineOf: (node) => locationOf(startOf(node)).line,
    isId: isId ?? (() => false),
  });
  const find = nodeFinder(root);
  return {
    file,
    value,
    problems,
    problem: (path, message, location = "value") => problemAt(find(path)[location], path, message),
  };
}

function readText(file: string, missingFileFix: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new InvalidFileError(file, [
      { message: unreadableMessage(error as NodeJS.ErrnoException, missingFileFix) },
    ]);
  }
}

/** The message about a file or a folder that cannot be read. */
export function unreadableMessage(
  { code, message }: NodeJS.ErrnoException,
  missingFileFix: string,
): string {
  if (code === "ENOENT" || code === "ENOTDIR") return `there is no such file; ${missingFileFix}`;
  if (code === "EISDIR") return "is a folder; name a file";
  if (code === "EACCES") return "cannot be read; check its permissions";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "is not UTF-8 text; save it as UTF-8";
  return `cannot be read: ${message}`;
}

interface KeyAndValue {
  readonly key: unknown;
  readonly value: unknown;
}

/**
 * Finder of nodes by path. If a path does not exist, it finds the last node that does. A file may have as many problems as
 * entries, so the finder indexes each map only once.
 */
function nodeFinder(root: unknown): (path: Path) => KeyAndValue {
  const indexes = new Map<YAMLMap, ReadonlyMap<string | undefined, Pair>>();
  const indexOf = (map: YAMLMap) => {
    const index = new Map<string | undefined, Pair>();
    // if a key is duplicate, its first value counts
    for (const pair of map.items.toReversed()) index.set(keyText(pair.key), pair);
    indexes.set(map, index);
    return index;
  };
  return (path) => {
    let found: KeyAndValue = { key: root, value: root };
    for (const step of path) {
      const { value } = found;
      if (isSeq(value)) {
        const item = value.items[Number(step)];
        found = { key: item, value: item };
      } else if (isMap(value)) {
        const pair = (indexes.get(value) ?? indexOf(value)).get(String(step));
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
