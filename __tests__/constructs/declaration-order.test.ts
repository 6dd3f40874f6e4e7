import { describe, expect, test } from "@jest/globals";
import { Construct } from "constructs";
import { BackendClient } from "../../constructs/backend-client.ts";
import { CustomerClient } from "../../constructs/customer-client.ts";
import { FrontendClient } from "../../constructs/frontend-client.ts";
import type { RealmStack } from "../../constructs/realm-stack.ts";
import { realm, realmWithApis, synthesized } from "./atlas.ts";

const access = { "atlas-api": ["orders:write", "orders:read"], billing: [] };

const addApis = (stack: RealmStack) => {
  new BackendClient(stack, "atlas-api", { permissions: ["orders:read", "orders:write"] });
  new BackendClient(stack, "billing", { permissions: [] });
};

const addFrontend = (stack: RealmStack, id = "atlas-frontend") => {
  new FrontendClient(stack, id, { redirectUris: ["https://app.example.com/"], access });
};

const addCustomer = (stack: RealmStack) => {
  new CustomerClient(new Construct(stack, "customers"), "acme", {
    name: "Acme Corp",
    contact: "api@acme.example",
    access,
  });
};

describe("the order of declaration", () => {
  const resourcesOf = (...steps: readonly ((stack: RealmStack) => void)[]) => {
    const stack = realm();
    for (const step of steps) step(stack);
    return synthesized(stack).resource;
  };

  test.each([
    ["a frontend before its APIs", [addFrontend, addApis, addCustomer]],
    ["a customer before its APIs", [addCustomer, addApis, addFrontend]],
    ["a frontend and a customer before their APIs", [addFrontend, addCustomer, addApis]],
  ])("does not change the resources: %s", (_, steps) => {
    const usual = resourcesOf(addApis, addFrontend, addCustomer);
    expect(Object.keys(usual.keycloak_openid_client ?? {})).toHaveLength(4);
    expect(Object.keys(usual.keycloak_openid_client_default_scopes ?? {})).toHaveLength(2);
    expect(resourcesOf(...steps)).toEqual(usual);
  });
});

describe("a construct that is declared after the declaration was read", () => {
  const readRealm = () => {
    const stack = realmWithApis();
    expect(Object.keys(stack.declaration.apis)).toEqual(["atlas-api", "billing"]);
    return stack;
  };

  const problem =
    "is declared after the stack's declaration was read; in main.ts, declare APIs, frontends and trusted issuers before loadCustomers";

  test.each([
    [
      "an API",
      (stack: RealmStack) => {
        new BackendClient(stack, "late", { permissions: [] });
      },
    ],
    [
      "a frontend",
      (stack: RealmStack) => {
        addFrontend(stack, "late");
      },
    ],
  ])("is refused by its path: %s", (_, declare) => {
    const stack = readRealm();
    declare(stack);
    expect(() => synthesized(stack)).toThrow(
      new Error(`atlas is not valid: 1 problem\n  atlas/late  ${problem}`),
    );
  });

  test("is accepted if it is a customer", () => {
    const stack = readRealm();
    addCustomer(stack);
    expect(Object.keys(stack.declaration.customers)).toEqual(["acme"]);
    expect(() => synthesized(stack)).not.toThrow();
  });
});
