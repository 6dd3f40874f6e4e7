import { describe, expect, test } from "@jest/globals";
import { nothingAllowed } from "../../../../operations/review/guard/allowed.ts";
import { guard } from "../../../../operations/review/guard/guard.ts";
import { lossesOfPlan } from "../../../../operations/review/guard/losses/losses.ts";
import { pairSides } from "../../../../operations/review/compare/resources/pairs.ts";
import type { ResourceChange } from "../../../../operations/terraform/plan.ts";
import { side } from "../synthesized-sides.ts";
import {
  allowing,
  change,
  client,
  deleted,
  kept,
  lossesIn,
  verdictOn,
  verdictOnPlan,
} from "./plans.ts";

describe("a plan that removes or suspends many customers", () => {
  const suspending = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      change(
        "openid_client",
        ["update"],
        client(`s${index}`),
        client(`s${index}`, { enabled: false }),
      ),
    );
  const removing = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      deleted("openid_client", client(`d${index}`, { enabled: false })),
    );

  test("is refused from six customers on, unless a large enough number allows it", () => {
    expect(verdictOnPlan(suspending(5)).refused).toEqual([]);
    const six = [...suspending(3), ...removing(3)];
    const line = "many d0,d1,d2,s0,s1,s2 <- Allow-many: 6";
    expect(verdictOnPlan(six)).toEqual({ refused: [line], overridden: [] });
    expect(verdictOnPlan(six, "Allow-many: 5")).toEqual({ refused: [line], overridden: [] });
    expect(verdictOnPlan(six, "Allow-many: 6")).toEqual({ refused: [], overridden: [line] });
    expect(verdictOnPlan(six, "Allow-many: 12").overridden).toEqual([line]);
  });

  const among = (customers: number, changes: readonly ResourceChange[]) =>
    lossesIn({
      changes: [...changes, ...kept.slice(0, customers - changes.length)],
      adopted: [],
    });

  test.each([
    [2, 7, false],
    [2, 6, true],
    [3, 10, false],
    [1, 2, false],
    [2, 3, true],
  ])("is refused if it suspends %i of %i customers at once: %s", (count, before, refused) => {
    const losses = among(before, suspending(count));
    expect(verdictOn(losses).refused).toHaveLength(refused ? 1 : 0);
  });

  test("is checked against the environment's limits", () => {
    const losses = among(40, suspending(2));
    const refusals = (customers: number, percent: number) =>
      guard(losses, { limits: { customers, percent }, allowed: nothingAllowed }).refused.length;
    expect(refusals(1, 100)).toBe(1);
    expect(refusals(9, 4)).toBe(1);
    expect(refusals(2, 5)).toBe(0);
  });

  test("counts the customers of stacks that do not change", () => {
    const customers = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`other${index}`, {}]),
    );
    const declared = pairSides(undefined, side({ customers }));
    for (const changes of [suspending(2), removing(1)]) {
      const losses = lossesOfPlan({ changes, adopted: [] }, declared);
      expect(verdictOn(losses).refused).toEqual([]);
    }
  });

  test("is refused if no customer is left, even if there was only one", () => {
    const losses = among(1, removing(1));
    expect(verdictOn(losses).refused).toEqual(["empty d0 <- Allow-many: 1"]);
    expect(verdictOn(losses, allowing("Allow-many: 1")).refused).toEqual([]);
    expect(verdictOn(losses, allowing("Allow-removal: d0")).refused).toHaveLength(1);
  });
});
