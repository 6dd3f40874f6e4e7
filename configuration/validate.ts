import { z } from "zod";
import { didYouMean, listed, nearest } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { type Path, valueAt } from "./yaml/path.ts";
import { InvalidFileError, type Problem } from "./yaml/problems.ts";
import { schemaAt } from "./schema-at.ts";
import { wordsFor } from "./words.ts";
import type { YamlFile } from "./yaml/yaml.ts";
import { refused } from "./yaml/values.ts";

/**
 * A file's values, typed.
 *
 * @throws InvalidFileError with every problem of the file
 */
export function validate<T extends z.ZodType>(yaml: YamlFile, schema: T): z.output<T> {
  const result = schema.safeParse(yaml.value, { reportInput: true });
  if (result.success && yaml.problems.length === 0) return result.data;
  throw new InvalidFileError(yaml.file, [
    ...yaml.problems,
    ...(result.error?.issues ?? []).flatMap((issue) => problemsOf(yaml, schema, [], issue)),
  ]);
}

/** @param above where the value that the issue is about stands in the file */
function problemsOf(
  yaml: YamlFile,
  schema: z.ZodType,
  above: Path,
  issue: z.core.$ZodIssue,
): Problem[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "symbol" ? "" : step))];
  const value = valueAt(yaml.value, path);
  if (value === refused) return [];
  const about = schemaAt(schema, path, yaml.value);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const { noun = "field" } = wordsFor(about);
        const hint = didYouMean(key, fieldsOf(about)) || `; known: ${listed(fieldsOf(about))}`;
        return yaml.problem([...path, key], `unknown ${noun} ${quoted(key)}${hint}`, "key");
      });
    case "invalid_key": {
      // zod does not look at the value of a key that it refuses
      const below = about?.safeParse(value, { reportInput: true }).error?.issues ?? [];
      return [
        ...issue.issues.map(({ message }) => yaml.problem(path, message, "key")),
        ...below.flatMap((inner) => problemsOf(yaml, schema, path, inner)),
      ];
    }
    case "invalid_type":
      return value === undefined
        ? missing(yaml, schema, path)
        : [yaml.problem(path, wrongType(value, issue.expected, about))];
    case "invalid_value": {
      const expected = typeof (issue.values[0] ?? "");
      const message = typeof value === expected ? issue.message : wrongType(value, expected, about);
      return [yaml.problem(path, message)];
    }
    default:
      return [yaml.problem(path, issue.message)];
  }
}

function missing(yaml: YamlFile, schema: z.ZodType, path: Path): Problem[] {
  const parent = path.slice(0, -1);
  const name = String(path.at(-1));
  const known = fieldsOf(schemaAt(schema, parent, yaml.value));
  const written = Object.keys(valueAt(yaml.value, parent) ?? {});
  // a misspelled field is reported as that, and once
  if (written.some((key) => !known.includes(key) && nearest(key, known) === name)) return [];
  const { example } = wordsFor(schemaAt(schema, path, yaml.value));
  const fix = example === undefined ? "; add it" : `; add ${name}: ${example}`;
  return [yaml.problem(parent, `${quoted(name)} is missing${fix}`, "key")];
}

const typeWords: Partial<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  array: "a list, such as [a, b]",
};

function wrongType(value: unknown, expected: string, schema: z.ZodType | undefined): string {
  const { wanted, whenEmpty } = wordsFor(schema);
  const words =
    wanted ?? typeWords[expected] ?? `fields (${fieldsOf(schema).join(", ") || "key: value"})`;
  if (value === null) return `is empty; ${whenEmpty ?? `write ${words}`}`;
  if (Array.isArray(value)) return `must be ${words}, not a list`;
  if (typeof value === "object") return `must be ${words}, not fields of its own`;
  return `must be ${words}, not ${quoted(value)}${remedy(value, expected)}`;
}

function remedy(value: unknown, expected: string): string {
  if (expected === "string") return "; put it in quotes";
  const runTogether = typeof value === "string" && /^[\w-]+:(?!\/\/)\S/.test(value);
  return runTogether && expected !== "array" ? '; put a space after the ":"' : "";
}

function fieldsOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
