import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { synthesize } from "../../../../operations/terraform/synthesis/synthesize.ts";
import {
  runTerraform,
  terraform,
  terraformVariables,
} from "../../../../operations/terraform/terraform.ts";
import { Clone } from "../../support/projects/clone.ts";
import { terraformProgram } from "../../support/programs.ts";

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.create("embedded", {});
});
afterAll(() => clone.remove());

/** Variables without any credentials of this machine. */
const withoutCredentials = {
  ...terraformVariables({ PATH: process.env.PATH, TERRAFORM_BINARY_NAME: terraformProgram }),
  HOME: "/nonexistent",
  AWS_EC2_METADATA_DISABLED: "true",
  PG_CONN_STR: "postgres://nobody@localhost:9/nothing?sslmode=disable&connect_timeout=2",
};

test.each([
  ["{type: local}", /(Terraform|OpenTofu) has been successfully initialized/],
  ["{type: local, path: other.tfstate}", /(Terraform|OpenTofu) has been successfully initialized/],
  ["{type: pg, schemaName: atlas}", /connection refused/],
  [
    "{type: s3, bucket: states, key: atlas, region: eu-central-1, encrypt: true, dynamodbTable: locks}",
    /No valid credential sources found/,
  ],
  ["{type: gcs, bucket: states, prefix: atlas}", /could not find default credentials/],
  [
    "{type: azurerm, resourceGroupName: states, storageAccountName: states, containerName: states, key: atlas}",
    /az(ure)? CLI|Subscription ID|ARM Config|authoriz/i,
  ],
  [
    "{type: http, address: 'http://localhost:9/state', lockAddress: 'http://localhost:9/lock', unlockAddress: 'http://localhost:9/lock'}",
    /connection refused|giving up after/,
  ],
  [
    "{type: remote, hostname: localhost, organization: example, workspaces: {name: atlas}}",
    /Failed to request discovery document|Required token could not be found/,
  ],
])("terraform init accepts the state backend %s", async (state, message) => {
  await writeFile(
    join(clone.folder, "environments/other.yaml"),
    `keycloak: {url: "http://localhost:8080"}
frontend: {redirectUris: ["http://localhost:5173/"]}
state: ${state}
`,
  );
  const variables = { ...process.env, REALM_ENV: "other", CUSTOMERS_FILE: "" };
  const { surroundings } = await synthesize(join(clone.folder, "out"), variables, {
    folder: clone.folder,
  });
  const folder = join(clone.folder, "backend");
  await mkdir(folder, { recursive: true });
  const { backend } = surroundings.terraform as Record<string, unknown>;
  await writeFile(join(folder, "main.tf.json"), JSON.stringify({ terraform: { backend } }));
  const { stdout, stderr } = await runTerraform({ folder, variables: withoutCredentials }, [
    "init",
    "-no-color",
    "-reconfigure",
  ]);
  const output = `${stdout}\n${stderr}`;
  expect(output).toMatch(message);
  // OpenTofu lists every kind of login that it has tried
  const others = output.replaceAll(/Invalid .* Auth\b/g, "");
  expect(others).not.toMatch(/Unsupported argument|Missing required argument|Invalid/);
});

/** The message about a terraform init that fails, with a state backend that reads its address from the variables. */
async function initFailure(type: string, variables: NodeJS.ProcessEnv): Promise<string> {
  const folder = join(clone.folder, "unreadable");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { backend: { [type]: {} } } }),
  );
  const workspace = { folder, variables: { ...withoutCredentials, ...variables } };
  const init = terraform(workspace, ["init", "-no-color", "-reconfigure"]);
  return init.catch((error: unknown) => (error instanceof Error ? error.message : ""));
}

test.each([
  "postgres://atlas:p%zzTOPSECRET@db.example/atlas",
  "postgres://atlas:TOP#SECRET@db.example/atlas",
  "postgres://atlas:TOP/SECRET@db.example/atlas",
  "postgres://atlas:TOP?SECRET@db.example/atlas",
  "postgres://atlas:TOP@SECRET%@db.example/atlas",
  "postgres://atlas:TOP SECRET@db.example/atlas",
  'postgres://atlas:TOP"SECRET@db.example/atlas',
  "host=localhost user=atlas password=TOP SECRET port=9",
  "host=localhost user=atlas password='TOPSECRET",
  "atlas:TOPSECRET@db.example/atlas",
])(
  "shows no piece of the password if terraform cannot read PG_CONN_STR=%s",
  async (PG_CONN_STR) => {
    const message = await initFailure("pg", { PG_CONN_STR });
    expect(message).toMatch(/^\S+ init failed:\n[^]*Error: [^]*\ncheck PG_CONN_STR; /);
    expect(message).not.toMatch(/TOP|SECRET|%zz/);
  },
);

test.each([
  [
    "https://state:TOP#SECRET@state.example",
    'parse "(hidden)": invalid port "(hidden)" after host',
  ],
  ["http://state:TOPSECRET@localhost:9/x", "http://(hidden)@localhost:9/x"],
])("shows no piece of the password of an http backend at %s", async (TF_HTTP_ADDRESS, shown) => {
  const message = await initFailure("http", { TF_HTTP_ADDRESS, TF_HTTP_RETRY_MAX: "0" });
  expect(message).toContain(shown);
  expect(message).not.toMatch(/TOP|SECRET/);
});
