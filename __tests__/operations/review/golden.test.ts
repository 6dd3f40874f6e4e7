import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { toJson } from "../../../operations/review/render/json.ts";
import {
  type ReviewJson,
  reviewJsonSchema,
} from "../../../operations/review/render/json-schema.ts";
import { firstKey, secondKey, signing, withAcme } from "./credential-cases.ts";
import { addressOf, compared, five, planned, report, side } from "./synthesized-sides.ts";
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

test("the review shows no key, but its id and thumbprint, in changes and in drift", () => {
  const head = withAcme(signing(firstKey));
  const address = addressOf(head, "keycloak_openid_client", { client_id: "acme" });
  const values = head.resources[address] ?? {};
  const keys = (text: string) => ({ ...values, extra_config: { "jwks.string": text } });
  const text = (key: object) => JSON.stringify({ keys: [key] });
  const plan = [
    planned(address, ["update"], keys(text(secondKey)), keys(text(firstKey))),
    planned("keycloak_openid_client.by-hand", ["update"], keys("{"), keys("no JSON")),
  ];
  const found = report(head, head, { plan });
  const shown = markdown(found) + JSON.stringify(toJson(found));
  expect(shown).toContain("2026-a (kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k)");
  for (const hidden of [firstKey.x, secondKey.x, "no JSON"]) expect(shown).not.toContain(hidden);
});

test("the review does not depend on the order of the customers", () => {
  const reversed = Object.fromEntries(Object.entries(five).reverse());
  const head = side({ customers: { ...reversed, zeta: {}, alpha: {}, acme: { enabled: false } } });
  const other = side({ customers: { alpha: {}, ...five, acme: { enabled: false }, zeta: {} } });
  expect(markdown(report(base, head))).toBe(markdown(report(base, other)));
  expect(markdown(report(base, side({ customers: reversed })))).toBe(markdown(report(base, base)));
});
