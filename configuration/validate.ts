import { z } from "zod";
import { didYouMean, listed, nearest } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { errorHintsOf } from "./error-hints.ts";
import { schemaAt } from "./schema-at.ts";
import { type Path, valueAt } from "./yaml/path.ts";
import { InvalidFileError, type Problem } from "./yaml/problems.ts";
import { alreadyReported } from "./yaml/values.ts";
import type { YamlFile } from "./yaml/yaml.ts";

/**
 * Validates the values of a file.
 *
 * @returns the values, typed
 * @throws InvalidFileError with every problem in the file
 */
export function validate<T extends z.ZodType>(yaml: YamlFile, schema: T): z.output<T> {
  const result = schema.safeParse(yaml.value, { reportInput: true });
  if (result.success && yaml.problems.length === 0) return result.data;
  throw new InvalidFileError(yaml.file, problemsOfResult(yaml, schema, result));
}

/** Every problem in a file: those of its structure, and those of its values. */
export function problemsIn(yaml: YamlFile, schema: z.ZodType): Problem[] {
  return problemsOfResult(yaml, schema, schema.safeParse(yaml.value, { reportInput: true }));
}

function problemsOfResult(
  yaml: YamlFile,
  schema: z.ZodType,
  { error }: z.ZodSafeParseResult<unknown>,
): Problem[] {
  const issues = error?.issues ?? [];
  return [...yaml.problems, ...issues.flatMap((issue) => problemsOf(yaml, schema, [], issue))];
}

/**
 * Problems of one of zod's issues.
 *
 * @param parent the start of the issue's relative path
 */
function problemsOf(
  yaml: YamlFile,
  schema: z.ZodType,
  parent: Path,
  issue: z.core.$ZodIssue,
): Problem[] {
  const path = [...parent, ...issue.path.map((step) => (typeof step === "symbol" ? "" : step))];
  const value = valueAt(yaml.value, path);
  if (value === alreadyReported) return [];
  const valueSchema = schemaAt(schema, path, yaml.value);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(yaml, valueSchema, path, key));
    case "invalid_key": {
      // zod does not check the value of a key that is not valid
      const valueIssues = valueSchema?.safeParse(value, { reportInput: true }).error?.issues ?? [];
      return [
        ...issue.issues.map(({ message }) => yaml.problem(path, message, "key")),
        ...valueIssues.flatMap((valueIssue) => problemsOf(yaml, schema, path, valueIssue)),
      ];
    }
    case "invalid_type":
      return value === undefined
        ? missingField(yaml, schema, path)
        : [yaml.problem(path, wrongType(value, issue.expected, valueSchema))];
    case "invalid_value": {
      const expected = typeof (issue.values[0] ?? "");
      const isRightType = typeof value === expected;
      const message = isRightType ? issue.message : wrongType(value, expected, valueSchema);
      return [yaml.problem(path, message)];
    }
    default:
      return [yaml.problem(path, issue.message)];
  }
}

function unknownKey(
  yaml: YamlFile,
  schema: z.ZodType | undefined,
  path: Path,
  key: string,
): Problem {
  const { keyNoun = "field" } = errorHintsOf(schema);
  const known = fieldsOf(schema);
  const fix = didYouMean(key, known) || `; known: ${listed(known) || "none"}`;
  return yaml.problem([...path, key], `unknown ${keyNoun} ${quoted(key)}${fix}`, "key");
}

function missingField(yaml: YamlFile, schema: z.ZodType, path: Path): Problem[] {
  const parent = path.slice(0, -1);
  const name = String(path.at(-1));
  const known = fieldsOf(schemaAt(schema, parent, yaml.value));
  const written = Object.keys(valueAt(yaml.value, parent) ?? {});
  // a misspelled field is reported as unknown, and not as missing too
  if (written.some((key) => !known.includes(key) && nearest(key, known) === name)) return [];
  const { example } = errorHintsOf(schemaAt(schema, path, yaml.value));
  const fix = example === undefined ? "; add it" : `; add ${name}: ${example}`;
  return [yaml.problem(parent, `${quoted(name)} is missing${fix}`, "key")];
}

const typeDescriptions: Partial<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  array: "a list, such as [a, b]",
};

function wrongType(value: unknown, type: string, schema: z.ZodType | undefined): string {
  const hints = errorHintsOf(schema);
  const expected =
    hints.expected ??
    typeDescriptions[type] ??
    `a mapping (${fieldsOf(schema).join(", ") || "key: value"})`;
  if (value === null) return `is empty; ${hints.fixIfEmpty ?? `write ${expected}`}`;
  if (Array.isArray(value)) return `must be ${expected}, not a list`;
  if (typeof value === "object") return `must be ${expected}, not a mapping`;
  const fix = hints.expected !== undefined && type === "string" ? "" : wrongTypeFix(value, type);
  return `must be ${expected}, not ${quoted(value)}${fix}`;
}

function wrongTypeFix(value: unknown, type: string): string {
  if (type === "string") return "; put it in quotes";
  const lacksSpace = typeof value === "string" && /^[\w-]+:(?!\/\/)\S/.test(value);
  return lacksSpace && type !== "array" ? '; put a space after the ":"' : "";
}

function fieldsOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
