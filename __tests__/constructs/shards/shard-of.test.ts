import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { shardOf } from "../../../constructs/shards/shard-of.ts";

const id = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const shards = fc.integer({ min: 1, max: 200 });

describe("the shard of a customer", () => {
  test.each([
    ["acme", 2, 11, 127],
    ["globex", 1, 7, 780],
    ["initech", 1, 8, 322],
    ["hooli", 1, 15, 325],
  ])("is the same in every version, as deployed states rely on it: %s", (customer, ...expected) => {
    expect([3, 20, 1000].map((count) => shardOf(customer, count))).toEqual(expected);
  });

  test("is one of the shards", () => {
    fc.assert(
      fc.property(id, shards, (customer, count) => {
        const shard = shardOf(customer, count);
        expect(Number.isInteger(shard)).toBe(true);
        expect(shard).toBeGreaterThanOrEqual(1);
        expect(shard).toBeLessThanOrEqual(count);
      }),
    );
  });

  test("changes only to a new shard if there are more shards", () => {
    const more = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(id, shards, more, (customer, count, added) => {
        const [before, after] = [shardOf(customer, count), shardOf(customer, count + added)];
        expect(after === before || after > count).toBe(true);
      }),
    );
  });

  test("is evenly distributed, also for ids that differ in a number only", () => {
    const sizes = new Map<number, number>();
    for (let customer = 1; customer <= 10_000; customer += 1) {
      const shard = shardOf(`customer-${customer}`, 20);
      sizes.set(shard, (sizes.get(shard) ?? 0) + 1);
    }
    expect(sizes.size).toBe(20);
    // 500 each, and four standard deviations of 22
    expect(Math.min(...sizes.values())).toBeGreaterThan(410);
    expect(Math.max(...sizes.values())).toBeLessThan(590);
  });

  test("changes for as few customers as possible if a shard is added", () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `customer-${index}`);
    const moved = ids.filter((customer) => shardOf(customer, 20) !== shardOf(customer, 21));
    // a 21st of them
    expect(moved.length).toBeGreaterThan(390);
    expect(moved.length).toBeLessThan(560);
  });
});
