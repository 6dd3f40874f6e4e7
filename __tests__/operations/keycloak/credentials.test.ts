import { describe, expect, test } from "@jest/globals";
import type { Customer, RealmDeclaration } from "../../../constructs/declaration.ts";
import { activeCustomer, endOfPreviousSecret } from "../../../operations/keycloak/credentials.ts";

describe("the end of the previous secret", () => {
  const noon = Date.parse("2027-01-02T12:00:00Z");

  test("is the second that Keycloak stores", () => {
    const attributes = { "client.secret.rotated.expiration.time": String(noon / 1_000) };
    expect(endOfPreviousSecret(attributes, noon - 1)).toEqual(new Date(noon));
    expect(endOfPreviousSecret(attributes, noon)).toBeUndefined();
  });

  test("is unknown without a rotation", () => {
    expect(endOfPreviousSecret({ contact: "api@acme.example" }, noon)).toBeUndefined();
    expect(endOfPreviousSecret(undefined, noon)).toBeUndefined();
  });
});

describe("a customer that gets no sheet", () => {
  const customer: Customer = {
    ...{ name: "Acme Corp", contact: "api@acme.example", enabled: false },
    access: { "orders-api": [] },
  };
  const declaration: RealmDeclaration = {
    ...{ realm: "shop", keycloak: { url: "https://login.example.com", basePath: "" } },
    ...{ apis: { "orders-api": [] }, frontends: {} },
    customers: { acme: customer, late: { ...customer, expires: "2020-01-01" } },
  };

  test.each([
    ["acm", 'customers.yaml has no customer "acm"; did you mean "acme"?'],
    [
      "acme",
      'the customer "acme" is suspended and gets no token; remove "enabled: false" from customers.yaml and deploy',
    ],
    [
      "late",
      'the customer "late" is suspended and gets no token; remove "enabled: false" or set a later "expires" in customers.yaml and deploy',
    ],
  ])("%s is named with the fix", (id, message) => {
    expect(() => activeCustomer(declaration, id, "customers.yaml")).toThrow(message);
  });
});
