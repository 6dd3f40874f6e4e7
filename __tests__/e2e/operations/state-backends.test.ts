import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { synthesize } from "../../../operations/terraform/synthesize.ts";
import { runTerraform, terraformVariables } from "../../../operations/terraform/terraform.ts";
import { Clone } from "../support/clone.ts";

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.create("embedded", {});
});
afterAll(() => clone.remove());

/** Variables without any credentials of this machine. */
const withoutCredentials = {
  ...terraformVariables({ PATH: process.env.PATH }),
  HOME: "/nonexistent",
  AWS_EC2_METADATA_DISABLED: "true",
  PG_CONN_STR: "postgres://nobody@localhost:9/nothing?sslmode=disable&connect_timeout=2",
};

test.each([
  ["{type: local}", /Terraform has been successfully initialized/],
  ["{type: local, path: other.tfstate}", /Terraform has been successfully initialized/],
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
  expect(output).not.toMatch(/Unsupported argument|Missing required argument|Invalid/);
});
