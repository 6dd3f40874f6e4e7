import { plural } from "../../text/plural.ts";
import type { Problem } from "../yaml/problems.ts";

/**
 * The customers of one stack up to which a further split does not pay. To add one took 2.1 s in a stack with 10 of them, 5.0 s with 100
 * and 26.2 s with 1,000.
 */
const customersPerStack = 100;

/** Warns of an environment that has too few shards for its customers. */
export function fewShardsWarnings(shards: number, customers: number): Problem[] {
  if (customers <= customersPerStack * shards) return [];
  const better = Math.ceil(customers / customersPerStack);
  const message = `${plural(customers, "customer")} in ${plural(shards, "stack")}; ${better} shards would make plans faster: npm run reshard -- --to ${better}`;
  return [{ path: "shards", message }];
}
