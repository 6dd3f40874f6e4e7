import { describe, expect, test } from "@jest/globals";
import { targetsIn } from "../../../../operations/deployment/stacks/targets.ts";
import type { ResourceArguments } from "../../../../operations/terraform/synthesis/stack-json.ts";
import type { Synthesis } from "../../../../operations/terraform/synthesis/synthesize.ts";

type Resources = Readonly<Record<string, ResourceArguments>>;

/** A customer's client, and the resource with its scopes. */
const customer = (id: string, settings: ResourceArguments = {}): Resources => ({
  [client(id)]: { client_id: id, ...settings },
  [scopes(id)]: { client_id: `\${${client(id)}.id}`, default_scopes: ["atlas-api-audience"] },
});
const client = (id: string) => `keycloak_openid_client.customers_${id}_0A`;
const scopes = (id: string) => `keycloak_openid_client_default_scopes.customers_${id}_scopes_0B`;
const both = (id: string) => [client(id), scopes(id)];

const shard = 2;

/** What is declared, with all resources in one shard. */
const declared = (
  resources: Resources,
  { hasOnlyResources = true, moved = [] }: Partial<Synthesis & Synthesis["stacks"][number]> = {},
): Synthesis => {
  const addresses = Object.keys(resources);
  const realm = { folder: "", shard: undefined, addresses: [], hasOnlyResources: true };
  const stacks = [realm, { folder: "", shard, addresses, hasOnlyResources }];
  const declaration = { realm: "atlas", apis: {}, frontends: {}, customers: {} };
  return { declaration, resources, moved, surroundings: {}, stacks } as unknown as Synthesis;
};

const acme = customer("acme");
const globex = customer("globex");
const before = declared({ ...acme, ...globex });

const targets = (after: Synthesis, customers: readonly string[] = [], base = before) =>
  targetsIn(shard, { before: base, after }, customers)?.toSorted();

describe("the targets of a plan", () => {
  test("are all resources of a customer that has changed", () => {
    const after = declared({ ...customer("acme", { enabled: false }), ...globex });
    expect(targets(after)).toEqual(both("acme"));
  });

  test("are those of a customer that was added", () => {
    expect(targets(declared({ ...acme, ...globex, ...customer("initech") }))).toEqual(
      both("initech"),
    );
  });

  test("are those of a customer that was removed", () => {
    expect(targets(declared(globex))).toEqual(both("acme"));
  });

  test("are those of a customer whose entry alone differs, such as by the end of its access", () => {
    expect(targets(before, ["acme"])).toEqual(both("acme"));
  });

  test("are both addresses of a renamed customer", () => {
    const moved = [
      { from: client("acme"), to: client("initech") },
      { from: scopes("acme"), to: scopes("initech") },
      { from: client("else"), to: client("elsewhere") },
    ];
    const after = declared({ ...customer("initech"), ...globex }, { moved });
    const all = [...both("acme"), ...both("initech")].sort();
    expect(targets(after)).toEqual(all);
  });

  test("are also resources that only a reference connects with the customer", () => {
    const further = {
      "vault_generic_secret.entry": { data_json: `{"id": "\${${client("acme")}.client_id}"}` },
      "time_static.created": { depends_on: ["vault_generic_secret.entry"] },
    };
    const after = declared({ ...customer("acme", { enabled: false }), ...globex, ...further });
    const base = declared({ ...acme, ...globex, ...further });
    expect(targets(after, [], base)).toEqual([
      ...both("acme"),
      ...["time_static.created", "vault_generic_secret.entry"],
    ]);
  });
});

describe("a whole shard is planned", () => {
  test("if every resource is concerned", () => {
    const after = declared({ ...customer("acme", { enabled: false }), ...customer("globex", {}) });
    expect(targets(after, ["globex"])).toBeUndefined();
  });

  test("if nothing differs", () => {
    expect(targets(before)).toBeUndefined();
  });

  test("if it has data sources, whose references nobody looks at", () => {
    const after = declared({ ...acme, ...customer("globex", { enabled: false }) });
    const withData = declared({ ...acme, ...globex }, { hasOnlyResources: false });
    expect(targets(after, [], withData)).toBeUndefined();
  });

  test("if it was in no stack at the base", () => {
    const base = { ...before, stacks: [] };
    const after = declared({ ...acme, ...customer("globex", { enabled: false }) });
    expect(targets(after, [], base)).toBeUndefined();
  });
});
