import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { shardState } from "../../../constructs/shards/shard-state.ts";
import type { StateBackend } from "../../../constructs/realm/state-backend.ts";
import { realm, synthesized } from "../atlas.ts";

const s3 = { type: "s3", bucket: "states", region: "eu-central-1" } as const;
const azurerm = { type: "azurerm", storageAccountName: "states", containerName: "atlas" } as const;
const http = { type: "http", address: "https://git.example/state/atlas" } as const;
const remote = { type: "remote", organization: "acme" } as const;

const places: readonly (readonly [StateBackend, object])[] = [
  [{ type: "local", path: "states/atlas.tfstate" }, { path: "states/atlas-customers-3.tfstate" }],
  [{ type: "local", path: "atlas" }, { path: "atlas-customers-3" }],
  [{ type: "pg", schemaName: "atlas" }, { schemaName: "atlas_customers_3" }],
  [{ type: "pg" }, { schemaName: "terraform_remote_state_customers_3" }],
  [{ ...s3, key: "prod/atlas.tfstate" }, { key: "prod/atlas-customers-3.tfstate" }],
  [{ ...azurerm, key: "atlas.tfstate" }, { key: "atlas-customers-3.tfstate" }],
  [{ type: "gcs", bucket: "states", prefix: "atlas" }, { prefix: "atlas/customers-3" }],
  [{ type: "gcs", bucket: "states" }, { prefix: "customers-3" }],
  [http, { address: "https://git.example/state/atlas-customers-3" }],
  [
    { ...http, lockAddress: `${http.address}/lock`, unlockAddress: http.address },
    {
      address: "https://git.example/state/atlas-customers-3",
      lockAddress: "https://git.example/state/atlas-customers-3/lock",
      unlockAddress: "https://git.example/state/atlas-customers-3",
    },
  ],
  [{ ...remote, workspaces: { name: "atlas" } }, { workspaces: { name: "atlas-customers-3" } }],
  [
    { ...remote, workspaces: { prefix: "atlas-" } },
    { workspaces: { prefix: "atlas-customers-3-" } },
  ],
];

describe("the state of a shard", () => {
  test.each(places)("is next to that of the realm: %j", (state, place) => {
    expect(shardState(state, "customers-3")).toEqual({ ...state, ...place });
  });

  test.each(places)("is neither the realm's nor another shard's: %j", (state) => {
    const number = fc.integer({ min: 1, max: 1000 });
    const placeOf = (shard: number) => JSON.stringify(shardState(state, `customers-${shard}`));
    fc.assert(
      fc.property(number, number, (one, other) => {
        expect(placeOf(one)).not.toBe(JSON.stringify(state));
        expect(placeOf(one) === placeOf(other)).toBe(one === other);
      }),
    );
  });
});

describe("shards refuse a state backend that cannot keep them apart", () => {
  const problem = (state: StateBackend, count = 2) => {
    try {
      synthesized(realm({ state, shards: { count } }));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const { address } = http;

  test.each([
    [{ ...http, address: `${address}?ref=1` }, "cannot have a query if shards is above 1"],
    [{ ...http, address: `${address}#a` }, "cannot have a query if shards is above 1"],
    [
      { ...http, lockAddress: "https://locks.example/atlas" },
      `lockAddress and unlockAddress must begin with ${address}`,
    ],
    [
      { ...http, unlockAddress: `${address}-other` },
      `lockAddress and unlockAddress must begin with ${address}`,
    ],
    [
      { type: "pg" as const, schemaName: "a".repeat(49) },
      "state.schemaName: must have at most 48 characters if shards is above 1",
    ],
  ])("%j", (state, expected) => {
    expect(problem(state)).toContain(expected);
    expect(problem(state, 1)).toBeUndefined();
  });

  test.each(places)("but no other: %j", (state) => {
    expect(problem(state)).toBeUndefined();
  });

  test("and no name of a schema that PostgreSQL does not truncate", () => {
    expect(problem({ type: "pg", schemaName: "a".repeat(48) })).toBeUndefined();
  });
});
