import { z } from "zod";
import { didYouMean, listed } from "../text/did-you-mean.ts";
import { InvalidFileError, type Problem } from "./problems.ts";
import type { Path, YamlFile } from "./yaml-file.ts";

/** What an object's keys are called in errors, where it is not "field". */
export const keyNouns = z.registry<{ noun: string }>();

/**
 * A file's values, typed.
 *
 * @throws InvalidFileError with every problem of the file
 */
export function validate<T extends z.ZodType>(yaml: YamlFile, schema: T): z.output<T> {
  const result = schema.safeParse(yaml.value, { reportInput: true });
  if (result.success) return result.data;
  throw new InvalidFileError(
    yaml.file,
    result.error.issues.flatMap((issue) => problemsOf(yaml, schema, issue)),
  );
}

function problemsOf(yaml: YamlFile, schema: z.ZodType, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    const object = schemaAt(schema, path, yaml.value);
    const noun = (object && keyNouns.get(object)?.noun) ?? "field";
    const known = object instanceof z.ZodObject ? Object.keys(object.shape) : [];
    return issue.keys.map((key) => {
      const hint = didYouMean(key, known) || `; known: ${listed(known)}`;
      return yaml.problem([...path, key], `unknown ${noun} ${JSON.stringify(key)}${hint}`, "key");
    });
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => yaml.problem(path, message, "key"));
  }
  if (issue.code === "invalid_type" && issue.input === undefined) {
    const parent = path.slice(0, -1);
    return [
      yaml.problem(
        parent,
        `${JSON.stringify(path.at(-1))} is missing${example(schema, path, yaml)}`,
        "key",
      ),
    ];
  }
  return [yaml.problem(path, issue.code === "invalid_type" ? wrongType(issue) : issue.message)];
}

const typeWords: Partial<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  array: "a list, such as [a, b]",
  object: "fields",
  record: "fields",
};

function wrongType(issue: z.core.$ZodIssueInvalidType): string {
  const wanted = typeWords[issue.expected] ?? issue.expected;
  const { input } = issue;
  if (input === null) return `is empty; it must be ${wanted}`;
  if (Array.isArray(input)) return `must be ${wanted}, not a list`;
  if (typeof input === "object") return `must be ${wanted}, not fields of its own`;
  const quotes = issue.expected === "string" ? "; put it in quotes" : "";
  return `must be ${wanted}, not ${JSON.stringify(input)}${quotes}`;
}

function example(schema: z.ZodType, path: Path, yaml: YamlFile): string {
  const examples = schemaAt(schema, path, yaml.value)?.meta()?.examples;
  const first: unknown = Array.isArray(examples) ? examples[0] : undefined;
  return typeof first === "string" ? `; add ${String(path.at(-1))}: ${first}` : "";
}

/** The schema of the value at a path. */
function schemaAt(schema: z.ZodType, path: Path, value: unknown): z.ZodType | undefined {
  const step = path[0];
  const inner = unwrapped(schema, value);
  if (step === undefined) return inner;
  const child: unknown =
    inner instanceof z.ZodObject
      ? inner.shape[String(step)]
      : inner instanceof z.ZodRecord
        ? inner.valueType
        : inner instanceof z.ZodArray
          ? inner.element
          : undefined;
  const below: unknown = (value as Partial<Record<string, unknown>> | undefined)?.[String(step)];
  return child instanceof z.ZodType ? schemaAt(child, path.slice(1), below) : undefined;
}

function unwrapped(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrapped(schema.unwrap() as z.ZodType, value);
  }
  return schema;
}
