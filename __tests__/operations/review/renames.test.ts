import { describe, expect, test } from "@jest/globals";
import { nothingAllowed } from "../../../operations/review/guard/allowed.ts";
import type { Side } from "../../../operations/review/compare/resources/pairs.ts";
import { markdown } from "../../../operations/review/render/markdown.ts";
import type { Report } from "../../../operations/review/report.ts";
import { reviewPlan } from "../../../operations/review/review.ts";
import { renamed } from "./credential-cases.ts";
import { addressOf, five, planned, report, side } from "./synthesized-sides.ts";

const before = side({});
const after = renamed("acme-eu");
const list = "keycloak_openid_client_default_scopes";
const clientAddress = ({ resources }: Side, id: string) =>
  addressOf({ resources } as Side, "keycloak_openid_client", { client_id: id });

/** What terraform plans for the rename: only the client changes, and its list has the same UUID. */
function plan(declared: Side) {
  const values = { service_accounts_enabled: true, enabled: true, id: "uuid" };
  const client = (client_id: string) => ({ ...values, client_id });
  return [
    planned(clientAddress(after, "acme-eu"), ["update"], client("acme"), client("acme-eu")),
    planned(
      `${list}.moved`,
      ["no-op"],
      { client_id: "uuid", default_scopes: ["orders:read"] },
      { client_id: "uuid", default_scopes: ["orders:read"] },
    ),
    ...Object.values(declared.resources)
      .filter(({ client_id }) => client_id !== "acme-eu" && client_id !== "acme")
      .map((each, index) => planned(`keycloak_openid_client.r${index}`, ["no-op"], each, each)),
  ];
}

const refusals = ({ verdict }: Report) =>
  verdict.refused.map(({ code, names }) => `${code} ${names.join(",")}`);

describe("a customer that is renamed by renamedFrom", () => {
  test("is neither removed nor added, gets no new secret, and loses no access", () => {
    const found = report(before, after);
    expect(refusals(found)).toEqual([]);
    expect(found.change?.customers).toMatchObject({
      ...{ added: [], removed: [], access: [], settings: [] },
      renamed: [{ id: "acme-eu", from: "acme" }],
    });
    expect(found.change).toMatchObject({ settings: [], otherResources: [], replaced: [] });
  });

  test("is explained in a plan, and loses nothing there", () => {
    const found = report(before, after, { plan: plan(after) });
    expect(refusals(found)).toEqual([]);
    expect(found.plan).toMatchObject({
      explained: [{ entity: { kind: "customer", name: "acme-eu" }, action: "update" }],
      drift: [],
    });
  });

  test("loses nothing in a plan without a base, such as that of a second deploy", () => {
    const environment = { name: "test", limits: { customers: 5, percent: 30 } };
    const options = { environment: environment as never, allowed: nothingAllowed };
    const review = (side: Side) =>
      reviewPlan(
        { changes: plan(side), adopted: [] },
        { head: { ...side, stacks: [] }, ...options },
      );
    expect(refusals(review(after))).toEqual([]);
    expect(refusals(review(renamed("acme-eu", {})))).toEqual(["new-secret acme"]);
  });

  test("is nothing new once it is deployed, with and without the line", () => {
    const done = renamed("acme-eu", {});
    for (const [from, to] of [
      [done, after],
      [after, done],
      [after, after],
    ] as const)
      expect(markdown(report(from, to))).toContain("Nothing changes in the declaration.");
  });

  test("is the removal of another customer if both ids are declared before", () => {
    const both = side({ customers: { ...five, "acme-eu": {} } });
    expect(refusals(report(both, after))).toEqual(["not-suspended acme"]);
  });

  test("is counted, as it has to use the new id", () => {
    const ids = ["a", "b", "c"];
    const named = (suffix: string, line: (id: string) => object) =>
      side({ customers: Object.fromEntries(ids.map((id) => [`${id}${suffix}`, line(id)])) });
    const found = report(
      named("", () => ({})),
      named("-eu", (id) => ({ renamedFrom: id })),
    );
    expect(refusals(found)).toEqual(["many a-eu,b-eu,c-eu"]);
    expect(markdown(found)).toContain("renames `a-eu`, `b-eu`, `c-eu`");
  });
});
