import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../operations/review/render/markdown.ts";
import {
  type ReviewJson,
  reviewJsonSchema,
  toJson,
} from "../../../operations/review/render/json.ts";
import { compared, five, report, side } from "./synthesized-sides.ts";
import { base, drift, situations } from "./golden-cases.ts";

describe("the review", () => {
  test.each(situations)("renders %s like its golden file", (name, found) => {
    const { text, golden } = compared(name, found());
    expect(text).toBe(golden);
  });

  test.each(situations)("prints %s as JSON that fits the documented schema", (_, found) => {
    const json = JSON.parse(JSON.stringify(toJson(found()))) as ReviewJson;
    expect(reviewJsonSchema.strict().parse(json)).toEqual(json);
  });

  test("shows no secret in drift", () => {
    const text = markdown(drift()) + JSON.stringify(toJson(drift()));
    expect(text).not.toMatch(/s3cret|"other"/);
  });
});

test("the review does not depend on the order of the customers", () => {
  const reversed = Object.fromEntries(Object.entries(five).reverse());
  const head = side({ customers: { ...reversed, zeta: {}, alpha: {}, acme: { enabled: false } } });
  const other = side({ customers: { alpha: {}, ...five, acme: { enabled: false }, zeta: {} } });
  expect(markdown(report(base, head))).toBe(markdown(report(base, other)));
  expect(markdown(report(base, side({ customers: reversed })))).toBe(markdown(report(base, base)));
});
