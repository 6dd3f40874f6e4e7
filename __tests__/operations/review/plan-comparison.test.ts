import { describe, expect, test } from "@jest/globals";
import { comparePlan } from "../../../operations/review/compare/plan-comparison.ts";
import { pairSides } from "../../../operations/review/compare/resources/pairs.ts";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { addressOf, five, planned, report, side } from "./synthesized-sides.ts";

const base = side({});
const clientAt = (client_id: string, of = base) =>
  addressOf(of, "keycloak_openid_client", { client_id });
const acme = { client_id: "acme", access_type: "CONFIDENTIAL", service_accounts_enabled: true };
const unchanged = () => pairSides(base, base);

describe("the comparison of a plan", () => {
  test("lists every resource that the plan changes, also if the declaration explains it", () => {
    const head = side({ customers: { ...five, acme: { name: "Acme Inc." } } });
    const plan = [
      planned(
        clientAt("acme"),
        ["update"],
        { ...acme, name: "Acme Corp" },
        { ...acme, name: "Acme Inc." },
      ),
    ];
    const found = comparePlan(plan, pairSides(base, head));
    expect(found.drift).toEqual([]);
    expect(found.explained).toEqual([
      {
        address: clientAt("acme"),
        entity: { kind: "customer", name: "acme" },
        action: "update",
      },
    ]);
    expect(markdown(report(base, head, { plan }))).toContain(
      `| customer \`acme\` | update | \`${clientAt("acme")}\` |`,
    );
  });

  test("shows an update without a visible value, which only Terraform knows", () => {
    const update = planned(clientAt("acme"), ["update"], acme, acme, {
      after_unknown: { id: true },
    });
    expect(comparePlan([update], unchanged()).explained).toHaveLength(1);
    expect(comparePlan([update], pairSides(undefined, base)).drift).toHaveLength(1);
  });

  test("shows drift at an address that moves", () => {
    const head = side({ below: "clients" });
    const [from, to] = [clientAt("acme"), clientAt("acme", head)];
    const sides = pairSides(base, { ...head, moved: [{ from, to }] });
    const plan = [
      planned(
        to,
        ["update"],
        { ...acme, name: "Acme Corp", full_scope_allowed: true },
        { ...acme, name: "Acme Corp", full_scope_allowed: false },
      ),
    ];
    expect(comparePlan(plan, sides).drift).toMatchObject([
      { address: to, changes: [{ attribute: "full_scope_allowed", from: true, to: false }] },
    ]);
  });

  test("explains that everything is recreated with a realm at a new address", () => {
    const text = JSON.stringify(base).replaceAll("keycloak_realm.realm", "keycloak_realm.other");
    const head = JSON.parse(text) as typeof base;
    const byHand = { ...acme, name: "Eve" };
    const plan = [planned(clientAt("acme"), ["delete", "create"], byHand, acme)];
    const { explained, drift } = comparePlan(plan, pairSides(base, head));
    expect(explained).toMatchObject([{ address: clientAt("acme"), action: "replace" }]);
    expect(drift).toEqual([]);
  });

  test("shows an import as drift, even if the declaration adds the resource", () => {
    const head = side({ customers: { ...five, soylent: {} } });
    const soylent = { ...acme, client_id: "soylent" };
    const plan = [
      planned(clientAt("soylent", head), ["no-op"], soylent, soylent, { importing: { id: "1" } }),
    ];
    expect(comparePlan(plan, pairSides(base, head)).drift).toMatchObject([{ action: "import" }]);
  });

  test.each([
    ["with its declaration", clientAt("acme"), base],
    ["by the client's id in Keycloak", "keycloak_openid_client.gone", side({ customers: {} })],
  ])("lists a customer's scopes under the customer, %s", (_, address, head) => {
    const scopes = address.replace(
      "keycloak_openid_client.",
      "keycloak_openid_client_default_scopes.",
    );
    const list = addressOf(base, "keycloak_openid_client_default_scopes", {
      client_id: `\${${clientAt("acme")}.id}`,
    });
    const plan = [
      planned(address, ["no-op"], { ...acme, id: "1" }, { ...acme, id: "1" }),
      planned(
        head === base ? list : scopes,
        ["update"],
        { client_id: "1", default_scopes: ["basic"] },
        { client_id: "1", default_scopes: ["basic", "orders:read"] },
      ),
    ];
    expect(comparePlan(plan, pairSides(undefined, head)).drift).toMatchObject([
      { entity: { kind: "customer", name: "acme" } },
    ]);
  });

  test("conceals a value below a sensitive block", () => {
    const before = { ...acme, x: [{ y: 1 }, { y: "s3cret" }] };
    const after = { ...acme, x: [{ y: 1 }, { y: "other" }] };
    const plan = [
      planned(clientAt("acme"), ["update"], before, after, { before_sensitive: { x: true } }),
    ];
    expect(JSON.stringify(comparePlan(plan, unchanged()))).not.toContain("s3cret");
  });
});
