import { describe, expect, test } from "@jest/globals";
import { Construct } from "constructs";
import { CustomerClient } from "../../../constructs/customer-client.ts";
import { realmWithCustomers, synthesized } from "../atlas.ts";

describe("customers that are not valid", () => {
  test.each([
    [
      "no API",
      "acme",
      { access: {} },
      'access names no API; name at least one of "atlas-api", "billing"',
    ],
    [
      "an undeclared API",
      "acme",
      { access: { stock: [] } },
      'unknown API "stock"; known: "atlas-api", "billing"; declare it with a BackendClient',
    ],
    [
      "a misspelled API",
      "acme",
      { access: { "atlas-ap": [] } },
      'unknown API "atlas-ap"; did you mean "atlas-api"?',
    ],
    [
      "an API named like a property of every object",
      "acme",
      { access: { constructor: [] } },
      'unknown API "constructor"; known: "atlas-api", "billing"; declare it with a BackendClient',
    ],
    [
      "an unknown permission",
      "acme",
      { access: { "atlas-api": ["admin"] } },
      'unknown permission "admin" of atlas-api; known: "orders:read", "orders:write"',
    ],
    [
      "a misspelled permission",
      "acme",
      { access: { "atlas-api": ["order:read"] } },
      'unknown permission "order:read" of atlas-api; did you mean "orders:read"?',
    ],
    [
      "a permission of another API",
      "acme",
      { access: { billing: ["orders:read"] } },
      'unknown permission "orders:read" of billing; known: none',
    ],
    [
      "a template as name",
      "acme",
      { name: "Acme ${var.x}" },
      'name "Acme ${var.x}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a directive as name",
      "acme",
      { name: "100%{if true}" },
      'name "100%{if true}" contains "%{", which Terraform would evaluate; remove it',
    ],
    [
      "a cdktf token as name",
      "acme",
      { name: "${TfToken[TOKEN.0]}" },
      'name "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "an unknown cdktf token as name",
      "acme",
      { name: "${TfToken[TOKEN.99999]}" },
      'name "${TfToken[TOKEN.99999]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a template as contact",
      "acme",
      { contact: "${x}@acme.example" },
      'contact "${x}@acme.example" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a client id that Keycloak reserves",
      "account",
      {},
      'client id "account" is reserved; choose another',
    ],
    [
      "the deployer's client id",
      "deployer",
      {},
      'client id "deployer" is reserved; choose another',
    ],
    [
      "an API's client id",
      "atlas-api",
      {},
      'client id "atlas-api" is taken by atlas/atlas-api; choose another',
    ],
  ])("refuses a customer with %s", (_, id, props, problem) => {
    expect(() => synthesized(realmWithCustomers([[id, props]]))).toThrow(
      new Error(`atlas is not valid: 1 problem\n  atlas/customers/@${id}  ${problem}`),
    );
  });

  test("refuses a customer with a cdktf token as id", () => {
    expect(() => synthesized(realmWithCustomers([["${TfToken[TOKEN.0]}"]]))).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/customers/@%24{TfToken[TOKEN.0]}  client id "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
      ),
    );
  });

  test("refuses a customer with the id of another customer", () => {
    const stack = realmWithCustomers([["acme"]]);
    new CustomerClient(new Construct(stack, "partners"), "acme", {
      name: "Acme",
      contact: "api@acme.example",
      access: { billing: [] },
    });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/partners/@acme  client id "acme" is taken by atlas/customers/@acme; choose another',
      ),
    );
  });
  test("refuses a customer with the previous id of a renamed customer", () => {
    const stack = realmWithCustomers([["acme-eu", { renamedFrom: "acme" }], ["acme"]]);
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/customers/@acme  client id "acme" is taken by atlas/customers/@acme-eu; choose another',
      ),
    );
  });
});
