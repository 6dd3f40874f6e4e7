import { describe, expect, test } from "@jest/globals";
import type { Customer, RealmDeclaration } from "../../../../constructs/declaration.ts";
import { activeCustomer } from "../../../../operations/keycloak/customers/credentials.ts";

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
