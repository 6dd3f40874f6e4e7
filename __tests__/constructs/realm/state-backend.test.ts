import { expect, test } from "@jest/globals";
import type { StateBackend } from "../../../constructs/realm/state-backend.ts";
import { realm, synthesized } from "../atlas.ts";

const backendOf = (state: StateBackend): unknown =>
  (synthesized(realm({ state })).terraform as { backend: unknown }).backend;

test("the state is in a local file by default", () => {
  const { backend } = synthesized(realm()).terraform as { backend: { local: { path: string } } };
  expect(backend.local.path).toBe(`${process.cwd()}/terraform.atlas.tfstate`);
});

const given: readonly (readonly [StateBackend, object])[] = [
  [{ type: "local", path: "/var/state/atlas.tfstate" }, { path: "/var/state/atlas.tfstate" }],
  [{ type: "pg", schemaName: "atlas" }, { schema_name: "atlas" }],
  [{ type: "pg" }, {}],
  [
    {
      type: "s3",
      bucket: "states",
      key: "atlas.tfstate",
      region: "eu-central-1",
      encrypt: true,
      dynamodbTable: "locks",
    },
    {
      bucket: "states",
      key: "atlas.tfstate",
      region: "eu-central-1",
      encrypt: true,
      dynamodb_table: "locks",
    },
  ],
  [
    { type: "gcs", bucket: "states", prefix: "atlas" },
    { bucket: "states", prefix: "atlas" },
  ],
  [
    {
      type: "azurerm",
      resourceGroupName: "rg",
      storageAccountName: "states",
      containerName: "atlas",
      key: "atlas.tfstate",
    },
    {
      resource_group_name: "rg",
      storage_account_name: "states",
      container_name: "atlas",
      key: "atlas.tfstate",
    },
  ],
  [
    { type: "http", address: "https://states.example", lockAddress: "https://states.example/lock" },
    { address: "https://states.example", lock_address: "https://states.example/lock" },
  ],
  [
    { type: "remote", organization: "acme", workspaces: { name: "atlas" } },
    { organization: "acme", workspaces: { name: "atlas" } },
  ],
];

test.each(given)("a state backend has exactly the given settings: %j", (state, settings) => {
  expect(backendOf(state)).toEqual({ [state.type]: settings });
});
