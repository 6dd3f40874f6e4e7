import { OpenidClientDefaultScopes } from "@cdktf/provider-keycloak/lib/openid-client-default-scopes";
import { describe, expect, test } from "@jest/globals";
import { Construct } from "constructs";
import fc from "fast-check";
import { githubActions, TrustedIssuer } from "../../../constructs/authentication/trusted-issuer.ts";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../constructs/customer-client.ts";
import { RealmStack } from "../../../constructs/realm-stack.ts";
import { shardOf } from "../../../constructs/shards/shard-of.ts";
import { app } from "../atlas.ts";
import { addressesIn, ids, ShardedRealm, stackWith } from "./sharded-realm.ts";

const stackOf = (id: string, count = 3) => `atlas-customers-${shardOf(id, count)}`;

describe("a realm with three shards", () => {
  const stacks = new ShardedRealm({ count: 3 }).addAll().synthesize();
  const shards = [...stacks].filter(([id]) => id !== "atlas");

  test("has its own stack and three for customers", () => {
    expect([...stacks.keys()]).toEqual([
      ...["atlas", "atlas-customers-1", "atlas-customers-2", "atlas-customers-3"],
    ]);
    expect(shards.map(([, json]) => json["//"].shard)).toEqual([1, 2, 3]);
  });

  test("has each customer in the stack of its shard only", () => {
    for (const id of ids) expect(stackWith(id, stacks)).toEqual([stackOf(id)]);
    expect(stackWith("atlas-api", stacks)).toEqual(["atlas"]);
  });

  test("has the same addresses as a realm with one stack", () => {
    const one = new ShardedRealm(undefined).addAll().synthesize();
    const all = [...stacks.values()].flatMap(addressesIn);
    expect(all.sort()).toEqual([...one.values()].flatMap(addressesIn).sort());
  });

  test("is named by its customers, and so are its scopes", () => {
    const texts = shards.map(([, { resource }]) => JSON.stringify(resource ?? {}));
    for (const text of texts) expect(text).not.toMatch(/\$\{(keycloak_realm|data)\b/);
    const text = texts.join("");
    expect(text.match(/"realm_id":"company"/g)).toHaveLength(ids.length * 2);
    expect(text).toContain(
      '"default_scopes":["basic","service_account","atlas-api-audience","orders:read"]',
    );
  });

  test("gives each stack the provider of the same Keycloak", () => {
    const provider = [{ url: "https://login.example.com", base_path: "/auth" }];
    for (const json of stacks.values()) expect(json.provider).toMatchObject({ keycloak: provider });
  });

  test("declares every customer and the number of shards in its own stack", () => {
    const { declaration } = stacks.get("atlas")?.["//"] ?? {};
    expect(Object.keys(declaration?.customers ?? {})).toEqual(ids);
    expect(declaration).toHaveProperty("shards", 3);
  });
});

test("one shard is one stack, and no part of the declaration", () => {
  const stacks = new ShardedRealm({ count: 1 }).addAll().synthesize();
  expect([...stacks.keys()]).toEqual(["atlas"]);
  expect(stacks.get("atlas")?.["//"].declaration).not.toHaveProperty("shards");
});

test("any edit of customers changes exactly the stacks of their shards", () => {
  const customers = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,6}$/),
    fc.record({ enabled: fc.boolean(), name: fc.constantFrom("One", "Two") }),
    { maxKeys: 8 },
  );
  const count = fc.integer({ min: 2, max: 5 });
  fc.assert(
    fc.property(customers, customers, count, (before, after, shards) => {
      const [from, to] = [before, after].map((all) => {
        const sharded = new ShardedRealm({ count: shards });
        for (const [id, props] of Object.entries(all)) sharded.add(id, props);
        return new Map([...sharded.synthesize()].map(([id, { resource }]) => [id, resource]));
      });
      const edited = Object.keys({ ...before, ...after }).filter(
        (id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]),
      );
      const changed = [...(from ?? [])].filter(([id, resources]) => {
        return JSON.stringify(resources) !== JSON.stringify(to?.get(id));
      });
      expect(changed.map(([id]) => id).sort()).toEqual(
        [...new Set(edited.map((id) => stackOf(id, shards)))].sort(),
      );
    }),
    { numRuns: 20 },
  );
});

describe("shards that are left out", () => {
  const all = new ShardedRealm({ count: 3 }).addAll().synthesize();

  test.each([[[]], [[2]], [[1, 3]]])("have no stack, with only %j", (only) => {
    const stacks = new ShardedRealm({ count: 3, only }).addAll().synthesize();
    expect([...stacks.keys()]).toEqual(["atlas", ...only.map((n) => `atlas-customers-${n}`)]);
    for (const [id, json] of stacks) expect(json.resource).toEqual(all.get(id)?.resource);
  });

  test("still have their customers in the declaration", () => {
    const stacks = new ShardedRealm({ count: 3, only: [2] }).addAll().synthesize();
    expect(stacks.get("atlas")?.["//"].declaration).toEqual(all.get("atlas")?.["//"].declaration);
  });
});

test("a customer that is renamed stays in the shard of its former id, and moves there", () => {
  const former = "acme";
  const id = ["a", "b", "c", "d"].find((each) => shardOf(each, 3) !== shardOf(former, 3)) ?? "";
  const sharded = new ShardedRealm({ count: 3 });
  sharded.add(id, { renamedFrom: former });
  const stacks = sharded.synthesize();
  expect(stackWith(id, stacks)).toEqual([stackOf(former)]);
  expect(stacks.get(stackOf(former))?.moved).toContainEqual({
    from: "keycloak_openid_client.customers_acme_FFAD3FA6",
    to: expect.stringMatching(`^keycloak_openid_client\\.customers_${id}_`),
  });
});

test("an existing realm may have shards", () => {
  const stacks = new ShardedRealm({ count: 3 }, { existing: true }).addAll().synthesize();
  for (const id of ids) expect(stackWith(id, stacks)).toEqual([stackOf(id)]);
  const lists = [...stacks.values()].flatMap(({ resource }) =>
    Object.keys(resource?.keycloak_openid_client_optional_scopes ?? {}),
  );
  expect(lists).toHaveLength(ids.length + 1);
});

test("a customer names its trusted issuer", () => {
  const sharded = new ShardedRealm({ count: 3 });
  new TrustedIssuer(sharded.realm, "github", githubActions);
  sharded.add("acme", {
    auth: { method: "federated_jwt", issuer: "github", subject: "repo:acme/app:ref:refs/heads/x" },
  });
  const { resource } = sharded.synthesize().get(stackOf("acme")) ?? {};
  expect(Object.values(resource?.keycloak_openid_client ?? {})).toEqual([
    expect.objectContaining({
      extra_config: expect.objectContaining({ "jwt.credential.issuer": "github" }),
    }),
  ]);
});

describe("a realm with shards refuses", () => {
  const messageOf = (sharded: ShardedRealm): string => {
    try {
      sharded.synthesize();
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("a reference of a customer's own resource to the realm's stack", () => {
    const sharded = new ShardedRealm({ count: 3 });
    const acme = sharded.add("acme");
    new OpenidClientDefaultScopes(acme, "more", {
      ...{ realmId: sharded.realm.realmId, clientId: "x", defaultScopes: [] },
    });
    expect(messageOf(sharded)).toBe(
      [
        `${stackOf("acme")} is not valid: 1 problem`,
        `  ${stackOf("acme")}/customers/@acme/more  refers to a resource of another stack, which a customer in a shard cannot do; write its name instead of a reference`,
      ].join("\n"),
    );
  });

  test("such a reference also if the realm is below another construct", () => {
    const root = app();
    const keycloak = { url: "https://login.example.com" };
    const shards = { count: 2 };
    const realm = new RealmStack(new Construct(root, "prod"), "atlas", {
      ...{ realm: "company", keycloak, shards },
    });
    new BackendClient(realm, "atlas-api", { permissions: [] });
    const acme = new CustomerClient(realm, "acme", {
      ...{ name: "Acme", contact: "api@acme.example", access: { "atlas-api": [] } },
    });
    new OpenidClientDefaultScopes(acme, "more", {
      ...{ realmId: realm.realmId, clientId: "x", defaultScopes: [] },
    });
    expect(() => {
      root.synth();
    }).toThrow("refers to a resource of another stack");
  });

  test("a customer that is not valid, with its place", () => {
    const sharded = new ShardedRealm({ count: 3 });
    sharded.add("acme", { name: "${x}" });
    expect(messageOf(sharded)).toContain(
      `  ${stackOf("acme")}/customers/@acme  name "\${x}" contains`,
    );
  });

  test("access to an API that is not declared, with the customer's place", () => {
    const sharded = new ShardedRealm({ count: 3 });
    sharded.add("acme", { access: { other: [] } });
    expect(messageOf(sharded)).toContain(`${stackOf("acme")}/customers/@acme  unknown API "other"`);
  });

  test("two customers with one id", () => {
    const sharded = new ShardedRealm({ count: 3 });
    sharded.add("acme", { renamedFrom: "globex" });
    sharded.add("globex");
    expect(messageOf(sharded)).toContain('client id "globex" is taken by');
  });
});
