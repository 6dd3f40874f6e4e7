import { Option } from "@commander-js/extra-typings";
import type { Allowed } from "../../operations/review/guard/allowed.ts";
import { UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** The option that names the commit to compare with. */
export function baseOption() {
  return new Option(
    "--base <ref>",
    "branch, tag or commit to compare with; trailers of later commits can override guard rails",
  );
}

/** The option for output that programs read. */
export const jsonOption = new Option("--json", "print JSON instead of Markdown");

/** The options that override guard rails, like the trailers of the same names. */
export const allowOptions = {
  removal: new Option(
    "--allow-removal <name>",
    "allow deleting a customer, or for example 'API atlas-api' (repeatable)",
  ).argParser(collect),
  replacement: new Option(
    "--allow-replacement <name>",
    "allow recreating or importing a client (repeatable)",
  ).argParser(collect),
  many: new Option(
    "--allow-many <number>",
    "allow removing or suspending this many customers at once",
  ).argParser(parseCount),
} as const;

/** The values of {@link allowOptions}. */
export interface AllowValues {
  readonly allowRemoval?: readonly string[] | undefined;
  readonly allowReplacement?: readonly string[] | undefined;
  readonly allowMany?: number | undefined;
}

/** Overrides of guard rails, as the options give them. */
export function allowedByOptions(values: AllowValues): Allowed {
  return {
    removals: values.allowRemoval ?? [],
    replacements: values.allowReplacement ?? [],
    many: values.allowMany ?? 0,
  };
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function parseCount(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new UsageError(
    `--allow-many: ${quoted(value)} is not a number; write how many customers are intended, such as 12`,
  );
}
