import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { checkout } from "../system/folders.ts";
import { projectFolder } from "./fixtures/project.ts";

const main = join(projectFolder, "main.ts");
const folder = mkdtempSync(join(tmpdir(), "main-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a declaration as cdktf does, and writes the JSON for Terraform to the temporary folder. */
const run = async (declaration: string, variables: NodeJS.ProcessEnv = {}) => {
  const args = [join(checkout, "system/run.mjs"), declaration];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
    cwd: projectFolder,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: folder, ...variables },
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stdout, stderr };
};

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe("main.ts", () => {
  test("synthesizes 17 resources", async () => {
    expect(await run(main)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const json = readFileSync(join(folder, "stacks", "atlas", "cdk.tf.json"), "utf8");
    const { resource } = JSON.parse(json) as { resource: Record<string, object> };
    const counts = Object.entries(resource).map(([type, all]) => [type, Object.keys(all).length]);
    expect(Object.fromEntries(counts)).toEqual({
      keycloak_realm: 1,
      keycloak_realm_events: 1,
      keycloak_realm_default_client_scopes: 1,
      keycloak_realm_optional_client_scopes: 1,
      keycloak_openid_audience_protocol_mapper: 1,
      keycloak_openid_client: 5,
      keycloak_openid_client_default_scopes: 4,
      keycloak_openid_client_scope: 3,
    });
  }, 30_000);

  test("exits with status 1 and only the problems of an invalid customers file", async () => {
    const file = write(
      "bad.yaml",
      "customers:\n  acme:\n    name: 5\n    contact: a@b.example\n    access: {atlas-api: [order:read]}\n",
    );
    expect(await run(main, { CUSTOMERS_FILE: file })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        `${file} is not valid: 2 problems`,
        `  ${file}:3:11  customers.acme.name: must be text, not 5; put it in quotes`,
        `  ${file}:5:26  customers.acme.access.atlas-api[0]: unknown permission "order:read"; did you mean "orders:read"?`,
      ].join("\n"),
    });
  }, 30_000);

  test("exits with status 2 and only the message about an unknown environment", async () => {
    expect(await run(main, { REALM_ENV: "lcal" })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'REALM_ENV: unknown environment "lcal"; did you mean "local"?',
    });
  }, 30_000);
});

test("a declaration that is not valid exits with status 1 and only its problems", async () => {
  const declaration = readFileSync(main, "utf8")
    .replaceAll('from "../../../', `from "${checkout}/`)
    .replaceAll('"cdktf"', `"${checkout}/node_modules/cdktf/lib/index.js"`)
    .replaceAll('"constructs"', `"${checkout}/node_modules/constructs/lib/index.js"`)
    .replace(
      'access: { "atlas-api": ["orders:read", "orders:write"] }',
      'access: { "atlas-api": ["order:read"] }',
    );
  expect(await run(write("main.mts", declaration))).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: [
      "atlas is not valid: 1 problem",
      '  atlas/atlas-frontend  unknown permission "order:read" of atlas-api; did you mean "orders:read"?',
    ].join("\n"),
  });
}, 30_000);
