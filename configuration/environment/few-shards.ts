import { plural } from "../../text/plural.ts";
import type { Problem } from "../yaml/problems.ts";

/**
 * The customers of one stack up to which a further split does not pay. To add one took 4.7 s in a stack with 100 of them, 8.5 s with 300
 * and 21 s with 1,000.
 */
const customersPerStack = 100;

/** Warns of an environment that has too few shards for its customers. */
export function fewShardsWarnings(shards: number, customers: number): Problem[] {
  if (customers <= customersPerStack * shards) return [];
  const better = Math.ceil(customers / customersPerStack);
  const message = `${plural(customers, "customer")} in ${plural(shards, "stack")}; ${better} shards would make plans faster: npm run reshard -- --to ${better}`;
  return [{ path: "shards", message }];
}
