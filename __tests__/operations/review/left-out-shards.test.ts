import { expect, test } from "@jest/globals";
import { nothingAllowed } from "../../../operations/review/guard/allowed.ts";
import { pairSides, type Side } from "../../../operations/review/compare/resources/pairs.ts";
import { reviewChange } from "../../../operations/review/review.ts";
import { five, side } from "./synthesized-sides.ts";

const { initech = {}, ...others } = five;
const limits = { customers: 5, percent: 40 };

/** A side of which the shards of some customers are not synthesized. */
const without = ({ resources, ...rest }: Side, ids: readonly string[]): Side => ({
  ...rest,
  resources: Object.fromEntries(
    Object.entries(resources).filter(
      ([address]) => !ids.some((id) => address.includes(`.customers_${id}_`)),
    ),
  ),
});

const review = (base: Side, head: Side) =>
  reviewChange(pairSides(base, head), { limits, allowed: nothingAllowed });

test("customers of shards that are left out count in the report and for the guard rails", () => {
  const base = side({ customers: { ...others, initech } });
  const head = side({ customers: { ...others, acme: { enabled: false } } });
  const leftOut = ["globex", "hooli", "umbrella"];
  const part = review(without(base, leftOut), without(head, leftOut));
  expect(part).toEqual(review(base, head));
  expect(part.change?.customers).toMatchObject({ before: 5, after: 4 });
  // two of five customers are not more than 40 %
  expect(part.verdict.refused).toEqual([]);
});

test("the last customer of the shards that are planned may go, because others are left", () => {
  const [base, head] = [side({ customers: { ...others, initech } }), side({ customers: others })];
  const leftOut = Object.keys(others);
  expect(review(without(base, leftOut), without(head, leftOut)).verdict.refused).toEqual([]);
});
