import { expect, test } from "@jest/globals";
import { addressOf, five, planned, report, side } from "./synthesized-sides.ts";

const head = side({ customers: { ...five, wayne: { name: "Wayne" } } });
const address = addressOf(head, "keycloak_openid_client", { client_id: "wayne" });
const existing = { client_id: "wayne", access_type: "CONFIDENTIAL", name: "Batch" };
const declared = { ...existing, name: "Wayne", service_accounts_enabled: true };

test("a plan's imports are listed although the declaration explains them, as what is declared", () => {
  const importing = { id: "atlas/uuid" };
  const change = planned(address, ["update"], existing, declared, { importing });
  const { plan } = report(side({}), head, { plan: [change] });
  expect(plan?.drift).toMatchObject([
    {
      ...{ address, action: "import", entity: { kind: "customer", name: "wayne" } },
      changes: [{ attribute: "name", from: "Batch", to: "Wayne" }, expect.anything()],
    },
  ]);
});

test("a plan's creations that the declaration explains are not listed", () => {
  const change = planned(address, ["create"], null, declared);
  expect(report(side({}), head, { plan: [change] }).plan?.drift).toEqual([]);
});
