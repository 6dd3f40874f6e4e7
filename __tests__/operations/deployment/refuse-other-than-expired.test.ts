import { expect, test } from "@jest/globals";
import { refuseOtherThanExpired } from "../../../operations/deployment/refuse-other-than-expired.ts";
import type { ResourceChange } from "../../../operations/terraform/plan.ts";

const client = { client_id: "acme", enabled: true, extra_config: { expires: "2027-06-30" } };

/** A plan's change of a customer's client, by default its suspension. */
const changeOf = (
  change: Partial<ResourceChange["change"]> = {},
  resource: Partial<ResourceChange> = {},
): ResourceChange => ({
  ...{ address: "keycloak_openid_client.customers_acme", type: "keycloak_openid_client" },
  ...resource,
  change: {
    ...{ actions: ["update"], before: client, after: { ...client, enabled: false } },
    ...change,
  },
});

test("accepts the suspension of a customer on the day after its last one", () => {
  const suspension = changeOf();
  expect(() => {
    refuseOtherThanExpired([suspension], "2027-07-01");
  }).not.toThrow();
  expect(() => {
    refuseOtherThanExpired([suspension], "2027-06-30");
  }).toThrow("only suspend");
});

test("accepts values that only Keycloak knows", () => {
  const suspension = changeOf({ after_unknown: { root_url: true } });
  expect(() => {
    refuseOtherThanExpired([suspension], "2027-07-01");
  }).not.toThrow();
});

test("accepts nothing to change", () => {
  expect(() => {
    refuseOtherThanExpired([], "2027-07-01");
  }).not.toThrow();
});

const suspended = { ...client, enabled: false };
const endless = { client_id: "acme", enabled: true, extra_config: { contact: "a@b.example" } };

test.each<[string, ResourceChange]>([
  ["a customer that is enabled", changeOf({ before: suspended, after: client })],
  [
    "a suspension without a last day",
    changeOf({ before: endless, after: { ...endless, enabled: false } }),
  ],
  ["drift of another setting too", changeOf({ before: { ...client, name: "Drift" } })],
  [
    "another last day",
    changeOf({ before: { ...client, extra_config: { expires: "2028-06-30" } } }),
  ],
  ["a client that is created", changeOf({ actions: ["create"], before: null })],
  ["a client that is recreated", changeOf({ actions: ["delete", "create"] })],
  ["a client that is deleted", changeOf({ actions: ["delete"], after: null })],
  ["a client that is imported", changeOf({ importing: { id: "atlas/1f0c" } })],
  [
    "a value that is not known yet",
    changeOf({ before: { ...client, name: "acme" }, after_unknown: { name: true } }),
  ],
  ["another resource", changeOf({}, { type: "keycloak_saml_client" })],
])("refuses %s, and names the resource", (_, other) => {
  const change = () => {
    refuseOtherThanExpired([changeOf(), { ...other, address: "keycloak_x.other" }], "2027-07-01");
  };
  expect(change).toThrow(/nothing is applied[^]*\n {2}[a-z ]+ keycloak_x\.other\n/);
  expect(change).not.toThrow("customers_acme");
});
