import { UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";

/** A part of a plan that several machines make: the second of three. */
export interface Part {
  /** From 1 to {@link of}. */
  readonly number: number;
  /** The number of parts. */
  readonly of: number;
}

/** The only part of a plan that is made in one piece. */
export const wholePlan: Part = { number: 1, of: 1 };

/** The greatest number of parts: a GitHub matrix has at most 256 jobs, and one of GitLab at most 200. */
const mostParts = 10;

/**
 * The parts in which a number of shards is planned. Each has one shard or more.
 *
 * @returns `2/3` for the second of three parts
 */
export function partsOf(shards: number): string[] {
  const of = Math.min(mostParts, Math.max(1, shards));
  return Array.from({ length: of }, (_, index) => `${index + 1}/${of}`);
}

/**
 * Reads the value of an option.
 *
 * @param text such as `2/3`
 * @throws UsageError if it is no part
 */
export function parsePart(text: string): Part {
  const [, number = 0, of = 0] = (/^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? []).map(Number);
  if (number > 0 && number <= of) return { number, of };
  throw new UsageError(
    `--part: ${quoted(text)} is no part of a plan; write 2/3 for the second of three parts`,
  );
}

/** The stacks of a part. The realm's own is in the first part, and each part has nearly the same number of shards. */
export function stacksOfPart<Stack>(
  realm: Stack,
  shards: readonly Stack[],
  { number, of }: Part,
): readonly Stack[] {
  const some = shards.filter((_, index) => Math.floor((index * of) / shards.length) + 1 === number);
  return number === 1 ? [realm, ...some] : some;
}
