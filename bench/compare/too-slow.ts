import { mostSeconds } from "./measure/command.ts";
import type { Figure } from "./results.ts";

/**
 * The names of the contenders whose first deploy would take too long with a number of customers, or failed with fewer.
 *
 * @param rounds the rounds so far, each with more customers than the one before. Two are needed to tell what a customer costs.
 */
export function tooSlow(
  contenders: readonly { readonly name: string }[],
  rounds: readonly { readonly figures: readonly Figure[] }[],
  customers: number,
): string[] {
  const names = contenders.map(({ name }) => name);
  return names.filter((name) => {
    const found = rounds.map(({ figures }) =>
      figures.find(({ contender, work }) => contender === name && work === "first deploy"),
    );
    const [before, last] = found.slice(-2);
    if (found.some((figure) => !figure)) return true;
    if (!before || !last) return false;
    const perCustomer = (secondsOf(last) - secondsOf(before)) / (last.customers - before.customers);
    // at best, each further customer costs the same
    return secondsOf(last) + perCustomer * (customers - last.customers) > mostSeconds;
  });
}

function secondsOf({ samples }: Figure): number {
  return samples[0]?.seconds ?? Infinity;
}
