import type { Figure, Results, Sample } from "../results.ts";
import type { Work } from "../work.ts";

/** A figure that can be compared. */
export type Quantity = keyof Sample;

/** Cell of a table: the median of a contender, and how many times that of the best peer it is. */
export interface Cell {
  readonly median: number;
  /** Undefined if no peer has a figure, or if the best peer's is 0. */
  readonly ratio: number | undefined;
}

/** The median of a quantity; with an even number of samples, the lower one of the two in the middle. */
export function median(samples: readonly Sample[], quantity: Quantity): number {
  const sorted = samples.map((sample) => sample[quantity]).sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
}

/** What a contender needed for a work, compared with the best peer in the same run; undefined if it was not measured. */
export function cellOf(
  { figures, contenders }: Pick<Results, "figures" | "contenders">,
  { work, customers, quantity }: { work: Work; customers: number; quantity: Quantity },
  contender: string,
): Cell | undefined {
  const found = figures.filter((each) => each.work === work && each.customers === customers);
  const of = (name: string) => found.find((figure) => figure.contender === name);
  const value = (figure: Figure) => median(figure.samples, quantity);
  const own = of(contender);
  if (!own) return undefined;
  const peers = contenders
    .filter(({ isPeer }) => isPeer)
    .map(({ name }) => of(name))
    .filter((figure) => figure !== undefined);
  const best = Math.min(...peers.map(value));
  return {
    median: value(own),
    ratio: Number.isFinite(best) && best > 0 ? value(own) / best : undefined,
  };
}

/** How many times the time with the fewest customers a contender needs to add one with the most; undefined if only one was measured. */
export function growthOf(
  { figures }: Pick<Results, "figures">,
  contender: string,
): { readonly from: number; readonly to: number; readonly ratio: number } | undefined {
  const found = figures
    .filter((each) => each.contender === contender && each.work === "add one")
    .sort((one, other) => one.customers - other.customers);
  const [first, last] = [found[0], found.at(-1)];
  if (!first || !last || first === last) return undefined;
  const ratio = median(last.samples, "seconds") / median(first.samples, "seconds");
  return { from: first.customers, to: last.customers, ratio };
}
