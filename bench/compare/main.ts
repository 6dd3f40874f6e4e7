/** Compares this project with other ways to manage customers. */
import { parseArgs } from "node:util";
import { UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { compare } from "./compare.ts";

const quick = [10, 100, 1_000];

await compare(sizesFrom(process.argv.slice(2)));

/** The numbers of customers that arguments name, in ascending order. @throws UsageError if they are not valid */
function sizesFrom(args: string[]): readonly number[] {
  const { full, sizes } = optionsFrom(args);
  if (sizes === undefined) return full ? [...quick, 10_000] : quick;
  const numbers = sizes.split(",").map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number > 0))
    return numbers.sort((one, other) => one - other);
  throw new UsageError(`--sizes: ${quoted(sizes)} must be numbers with commas, such as 10,100`);
}

function optionsFrom(args: string[]): { readonly full?: boolean; readonly sizes?: string } {
  try {
    return parseArgs({ args, options: { full: { type: "boolean" }, sizes: { type: "string" } } })
      .values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
