import { describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../constructs/customer-client.ts";
import { RealmStack } from "../../../constructs/realm-stack.ts";
import { addresses, app, realmWithCustomers, resources, synthesized } from "../atlas.ts";

const props = { realm: "atlas", keycloak: { url: "https://login.example.com" } };

describe("a customer's address", () => {
  const of = (stack: Parameters<typeof addresses>[0]) =>
    addresses(stack).filter((address) => address.includes(".customers_"));

  test("never changes between versions of the project", () => {
    expect(of(realmWithCustomers([["acme"], ["globex"]])).sort()).toEqual([
      "keycloak_openid_client.customers_acme_FFAD3FA6",
      "keycloak_openid_client.customers_globex_FE5C36BB",
      "keycloak_openid_client_default_scopes.customers_acme_default-scopes_ADE6E088",
      "keycloak_openid_client_default_scopes.customers_globex_default-scopes_0FC29016",
    ]);
  });

  test.each([
    ["inserted first", ["aaa", "acme", "globex"], "aaa"],
    ["inserted between", ["acme", "bbb", "globex"], "bbb"],
    ["moved in the file", ["globex", "acme"], undefined],
  ])("stays the same if another customer is %s", (_, ids, added) => {
    const before = synthesized(realmWithCustomers([["acme"], ["globex"]])).resource;
    const after = synthesized(realmWithCustomers(ids.map((id) => [id]))).resource;
    const kept = Object.entries(after).map(([type, all]) => [
      type,
      Object.fromEntries(
        Object.entries(all).filter(([name]) => !added || !name.startsWith(`customers_${added}_`)),
      ),
    ]);
    expect(Object.fromEntries(kept)).toEqual(before);
  });

  test("stays the same if another customer is removed", () => {
    const both = of(realmWithCustomers([["acme"], ["globex"]]));
    const one = of(realmWithCustomers([["globex"]]));
    expect(one).toHaveLength(2);
    expect(both).toEqual(expect.arrayContaining(one));
  });

  test("depends on the id only", () => {
    const changed = realmWithCustomers([
      [
        "acme",
        { name: "Other", contact: "x@other.example", enabled: false, access: { billing: [] } },
      ],
    ]);
    expect(of(changed)).toEqual(of(realmWithCustomers([["acme"]])));
  });

  test("moves from that of its previous id, with its lists of scopes", () => {
    const moved = (stack: RealmStack) =>
      (synthesized(stack) as { moved?: readonly { from: string; to: string }[] }).moved ?? [];
    const renamed = realmWithCustomers([["globex", { renamedFrom: "acme" }]]);
    expect(moved(renamed).map(({ from }) => from)).toEqual(of(realmWithCustomers([["acme"]])));
    expect(moved(renamed).map(({ to }) => to)).toEqual(of(renamed));
    expect(of(renamed)).toEqual(of(realmWithCustomers([["globex"]])));
    expect(moved(realmWithCustomers([["globex"]]))).toEqual([]);

    const existing = new RealmStack(app(), "atlas", { ...props, existing: true });
    new BackendClient(existing, "atlas-api", { permissions: [] });
    new CustomerClient(existing, "globex", {
      ...{ name: "Globex", contact: "it@globex.example", access: { "atlas-api": [] } },
      renamedFrom: "a/c$m%e",
    });
    expect(moved(existing)).toHaveLength(3);
  });

  test("is unique for ids with a meaning in JavaScript, constructs or cdktf", () => {
    const ids = [
      "atlas",
      "backend",
      "constructor",
      "customers",
      "default-scopes",
      "has-own-property",
      "hasOwnProperty",
      "prototype",
      "realm",
      "resource",
      "Resource",
      "toString",
      "valueOf",
      "__proto__",
      "a--b",
      "a/b",
      "a-b",
      "ab",
    ];
    const stack = realmWithCustomers(ids.map((id) => [id]));
    expect(new Set(of(stack)).size).toBe(2 * ids.length);
    const clientIds = Object.values(resources(stack, "openid_client")).map(
      (client) => client.client_id,
    );
    expect(clientIds.sort()).toEqual([...ids, "atlas-api", "billing"].sort());
    expect(Object.keys(stack.declaration.customers).sort()).toEqual([...ids].sort());
  });
});
