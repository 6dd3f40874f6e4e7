import { describe, expect, test } from "@jest/globals";
import { Group } from "@cdktf/provider-keycloak/lib/group";
import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientScope } from "@cdktf/provider-keycloak/lib/openid-client-scope";
import { KeycloakProvider } from "@cdktf/provider-keycloak/lib/provider";
import { Role } from "@cdktf/provider-keycloak/lib/role";
import { TerraformStack, Testing } from "cdktf";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

interface Schemas {
  readonly resource_schemas: Readonly<Record<string, object>>;
  readonly data_source_schemas: Readonly<Record<string, object>>;
}

const require = createRequire(import.meta.url);
const schemaFile = require("@cdktf/provider-keycloak/schema.json") as {
  readonly provider_schemas: Readonly<Record<string, Schemas>>;
};
const { resource_schemas = {}, data_source_schemas = {} } =
  schemaFile.provider_schemas["registry.terraform.io/keycloak/keycloak"] ?? {};

const folder = (name: string) => name.replaceAll("_", "-");
const lib = join(dirname(require.resolve("@cdktf/provider-keycloak/package.json")), "lib");

describe("the bindings", () => {
  test("cover every resource type and data source of the schema", () => {
    const expected = [
      ...Object.keys(resource_schemas).map((name) => folder(name.replace(/^keycloak_/u, ""))),
      ...Object.keys(data_source_schemas).map((name) => folder(`data_${name}`)),
      "provider",
    ];
    const folders = readdirSync(lib, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map(({ name }) => name).sort()).toEqual(expected.sort());
    for (const { name } of folders)
      expect(readdirSync(join(lib, name))).toEqual(
        expect.arrayContaining(["index.d.ts", "index.js"]),
      );
  });

  test("write the description of clients, scopes, groups and roles", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new KeycloakProvider(stack, "keycloak", { url: "http://localhost" });
    const [realmId, description] = ["r", "What it is for"];
    new OpenidClient(stack, "c", { realmId, clientId: "c", accessType: "PUBLIC", description });
    new OpenidClientScope(stack, "s", { realmId, name: "s", description });
    new Group(stack, "g", { realmId, name: "g", description });
    new Role(stack, "o", { realmId, name: "o", description });
    const { resource } = JSON.parse(Testing.synth(stack)) as {
      resource: Record<string, Record<string, object>>;
    };
    expect(Object.keys(resource)).toHaveLength(4);
    for (const instances of Object.values(resource))
      expect(Object.values(instances)).toEqual([expect.objectContaining({ description })]);
  });
});
