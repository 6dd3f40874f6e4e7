import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  embeddedProvider,
  type Provider,
} from "../../../../operations/terraform/provider/provider.ts";
import { runTerraform, terraformVariables } from "../../../../operations/terraform/terraform.ts";
import { TemporaryFolder } from "../../../../system/temporary-folder.ts";

let folder: TemporaryFolder;
let provider: Provider;

beforeAll(async () => {
  folder = await TemporaryFolder.create();
  provider = await embeddedProvider(terraformVariables({ ...process.env }));
});
afterAll(async () => {
  await provider.stop();
  await folder[Symbol.asyncDispose]();
});

const source = "keycloak/keycloak";

/** Runs terraform on a configuration. Nothing answers at Keycloak's address. @returns the exit status and all errors */
async function planOf(blocks: object, ...args: string[]) {
  const configuration = {
    terraform: { required_providers: { keycloak: { source } } },
    provider: {
      keycloak: {
        url: "http://localhost:1",
        client_id: "x",
        client_secret: "x",
        initial_login: false,
      },
    },
    ...blocks,
  };
  await writeFile(join(folder.path, "main.tf.json"), JSON.stringify(configuration));
  const run = { folder: folder.path, variables: provider.variables };
  await runTerraform(run, ["init", "-no-color"]);
  const { exitCode, stderr } = await runTerraform(run, ["plan", "-no-color", ...args]);
  const errors = [...stderr.matchAll(/Error: (?<summary>.*)\n\n(?: +with )?(?<which>.*)/gu)];
  return {
    exitCode,
    errors: errors.map(({ groups: { summary = "", which = "" } = {} }) => [summary, which]).sort(),
  };
}

const refusal = (what: string) =>
  `the embedded provider does not implement ${what}; use the official provider (docs/deploy.md)`;

test("a plan with the embedded provider names every resource and data source that it does not implement", async () => {
  const { exitCode, errors } = await planOf({
    data: { keycloak_realm: { other: { realm: "r" } } },
    resource: {
      keycloak_saml_client_scope: { c: { realm_id: "r", name: "c" } },
      keycloak_user: { a: { realm_id: "r", username: "a" }, b: { realm_id: "r", username: "b" } },
      keycloak_openid_client_scope: { d: { realm_id: "r", name: "d" } },
    },
  });
  expect(errors).toEqual([
    [refusal("keycloak_saml_client_scope"), "keycloak_saml_client_scope.c,"],
    [refusal("keycloak_user"), "keycloak_user.a,"],
    [refusal("keycloak_user"), "keycloak_user.b,"],
    [refusal("the data source keycloak_realm"), "data.keycloak_realm.other,"],
  ]);
  expect(exitCode).toBe(1);
});

test.each([
  ["that is not declared any more", []],
  ["that is not declared any more, without a refresh", ["-refresh=false"]],
  ["that is destroyed with everything else", ["-destroy"]],
])("a plan with the embedded provider names a resource of the state %s", async (_, args) => {
  const resource = (name: string) => ({
    mode: "managed",
    type: "keycloak_user",
    name,
    provider: `provider["registry.terraform.io/${source}"]`,
    instances: [
      { schema_version: 0, attributes: { id: `id-of-${name}`, realm_id: "r", username: name } },
    ],
  });
  const state = { version: 4, serial: 1, lineage: "x", resources: [resource("a"), resource("b")] };
  await writeFile(join(folder.path, "terraform.tfstate"), JSON.stringify(state));
  const { exitCode, errors } = await planOf({}, ...args);
  expect(errors).toEqual([
    [refusal("keycloak_user"), 'It is in the state, with the id "id-of-a".'],
    [refusal("keycloak_user"), 'It is in the state, with the id "id-of-b".'],
  ]);
  expect(exitCode).toBe(1);
});
