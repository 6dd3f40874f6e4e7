import { Option } from "@commander-js/extra-typings";
import { parsePart } from "../../operations/deployment/saved-plan/part.ts";
import {
  type Allowed,
  allowedBy,
  isCount,
  type Trailer,
} from "../../operations/review/guard/allowed.ts";
import type { newCommand } from "./command.ts";
import { UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** The option that names the commit to compare with. */
export function baseOption() {
  return new Option(
    "--base <ref>",
    "branch, tag or commit to compare with; trailers of later commits can override guard rails",
  );
}

/** The option that plans every customer. */
export function allOption() {
  return new Option(
    "--all",
    "plan every customer, not only those that have changed since the base",
  );
}

/** The option that limits how many stacks are worked on at once. */
export function parallelOption() {
  return new Option(
    "--parallel <number>",
    "work on at most this many stacks at once (default: the number of cores)",
  ).argParser(parseParallel);
}

/** The option that prints into which parts a plan can be divided. */
export function shardMatrixOption() {
  return new Option(
    "--shard-matrix",
    "only print the parts in which several machines can make this plan, as JSON for the matrix of a pipeline",
  ).conflicts(["part", "join"]);
}

/** The option that makes a part of a plan. */
export function partOption() {
  return new Option("--part <part>", "plan only a part of the shards, such as 2/3, and save it")
    .argParser(parsePart)
    .conflicts("join");
}

/** The option that makes a plan of its parts. */
export function joinOption() {
  return new Option("--join", "make the plan of its saved parts, and review it");
}

/** The option of a scheduled deploy that nobody reviews. */
export function onlyExpiredOption() {
  return new Option(
    "--only-expired",
    "refuse everything but suspending customers whose access has ended",
  );
}

/** The option for output that programs read. */
export const jsonOption = new Option("--json", "print JSON instead of Markdown");

/** The options that override guard rails, like the trailers of the same names. */
export const allowOptions = {
  removal: new Option(
    "--allow-removal <names>",
    "allow deleting customers, and deleting or switching off, for example, 'API <id>' (repeatable)",
  ).argParser(collect),
  replacement: new Option(
    "--allow-replacement <names>",
    "allow recreating or importing, for example, 'realm <name>' (repeatable)",
  ).argParser(collect),
  newSecret: new Option(
    "--allow-new-secret <names>",
    "allow what gives the clients of customers or APIs a new secret (repeatable)",
  ).argParser(collect),
  redirect: new Option(
    "--allow-redirect <names>",
    "allow moving redirect URIs of, for example, 'frontend <id>' to another host (repeatable)",
  ).argParser(collect),
  many: new Option(
    "--allow-many <number>",
    "allow removing, suspending or taking access from this many customers at once",
  ).argParser(parseCount),
} as const;

/** A command with the options of `plan` and `deploy`. */
export function withDeploymentOptions(command: ReturnType<typeof newCommand>) {
  return command
    .addOption(baseOption())
    .addOption(allowOptions.removal)
    .addOption(allowOptions.replacement)
    .addOption(allowOptions.newSecret)
    .addOption(allowOptions.redirect)
    .addOption(allowOptions.many)
    .addOption(allOption())
    .addOption(parallelOption())
    .addOption(onlyExpiredOption());
}

/** The values of {@link allowOptions}. */
export interface AllowValues {
  readonly allowRemoval?: readonly string[] | undefined;
  readonly allowReplacement?: readonly string[] | undefined;
  readonly allowNewSecret?: readonly string[] | undefined;
  readonly allowRedirect?: readonly string[] | undefined;
  readonly allowMany?: string | undefined;
}

/** Overrides of guard rails, as the options give them. */
export function allowedByOptions(values: AllowValues): Allowed {
  const trailers = (key: Trailer["key"], list: readonly string[] = []) =>
    list.map((value) => ({ key, value }));
  return allowedBy([
    ...trailers("Allow-removal", values.allowRemoval),
    ...trailers("Allow-replacement", values.allowReplacement),
    ...trailers("Allow-new-secret", values.allowNewSecret),
    ...trailers("Allow-redirect", values.allowRedirect),
    ...trailers("Allow-many", values.allowMany === undefined ? [] : [values.allowMany]),
  ]);
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function parseParallel(value: string): number {
  if (/^[1-9]\d{0,2}$/.test(value)) return Number(value);
  throw new UsageError(`--parallel: ${quoted(value)} is not a number from 1 to 999`);
}

function parseCount(value: string): string {
  if (isCount(value)) return value;
  throw new UsageError(
    `--allow-many: ${quoted(value)} is not a number; write how many customers are intended, such as 12`,
  );
}
