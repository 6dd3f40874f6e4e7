import { mostSeconds } from "./measure/command.ts";
import type { Figure } from "./results.ts";

/**
 * The names of the contenders whose first deploy would take too long with a number of customers, or failed with fewer.
 *
 * @param last the previous round, with fewer customers; without one, nobody is too slow
 */
export function tooSlow(
  contenders: readonly { readonly name: string }[],
  last: { readonly figures: readonly Figure[] } | undefined,
  customers: number,
): string[] {
  if (!last) return [];
  const names = contenders.map(({ name }) => name);
  return names.filter((name) => {
    const figure = last.figures.find(
      ({ contender, work }) => contender === name && work === "first deploy",
    );
    const seconds = figure?.samples[0]?.seconds ?? Infinity;
    // at best, the time grows as the number of customers does
    return !figure || (seconds * customers) / figure.customers > mostSeconds;
  });
}
