import { describe, expect, test } from "@jest/globals";
import type { Environment, Limits } from "../../../configuration/environment.ts";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { nothingAllowed } from "../../../operations/review/guard/allowed.ts";
import { reviewPlan } from "../../../operations/review/review.ts";
import type { Synthesis } from "../../../operations/terraform/synthesis/synthesize.ts";
import { change, client, kept } from "./guard/plans.ts";
import { side } from "./synthesized-sides.ts";

/** Reviews a plan that suspends six customers, without a base. */
function reviewOf(limits: Limits) {
  const head: Synthesis = { ...side({}), stacks: [] };
  const environment = { name: "test", limits } as Environment;
  const suspended = Array.from({ length: 6 }, (_, index) =>
    change(
      "openid_client",
      ["update"],
      client(`s${index}`),
      client(`s${index}`, { enabled: false }),
    ),
  );
  const planned = { changes: [...kept, ...suspended], adopted: [] };
  return reviewPlan(planned, { head, environment, allowed: nothingAllowed });
}

describe("a plan without a base", () => {
  const sentence =
    "There are no earlier limits to compare with, so the default limits apply: 5 customers and 30%.";

  test("cannot raise the default limits, and the report names them", () => {
    const report = reviewOf({ customers: 100, percent: 100 });
    expect(report.verdict.refused).toMatchObject([
      { code: "many", limits: { customers: 5, percent: 30 } },
    ]);
    expect(report.defaultLimits).toBe("none-before");
    expect(markdown(report)).toContain(sentence);
  });

  test("keeps stricter limits of its environment", () => {
    const report = reviewOf({ customers: 2, percent: 30 });
    expect(report.verdict.refused).toMatchObject([{ code: "many", limits: { customers: 2 } }]);
    expect(report.defaultLimits).toBeUndefined();
    expect(markdown(report)).not.toContain(sentence);
  });
});
