import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { environmentNames, loadEnvironment } from "../configuration/environment.ts";
import { customersJsonSchema } from "../configuration/json-schema.ts";
import type { Access } from "../constructs/declaration.ts";
import { synthesize } from "../operations/terraform/synthesis/synthesize.ts";
import { TemporaryFolder } from "../system/temporary-folder.ts";
import {
  clientWithId,
  isProtected,
  joined,
  resources,
  scopesByClient,
  scopeWithName,
  secretsIn,
  type SynthesizedJson,
} from "./synthesized-json.ts";

/** Synthesizes the team's own files: main.ts and an environment, with its customers. */
async function synthesized(name: string) {
  await using target = await TemporaryFolder.create();
  const { stacks, declaration } = await synthesize(target.path, { REALM_ENV: name });
  const all = stacks.map(
    ({ folder }) =>
      JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as SynthesizedJson,
  );
  const { customers } = loadEnvironment({ REALM_ENV: name });
  return { name, customers, declaration, stacks: all, json: joined(all) };
}

/** The access of each customer of a file, or of the files in a folder. */
function accessIn(path: string): [id: string, access: Access][] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path).filter((name) => /^[^.].*\.yaml$/.test(name))
    : [""];
  return files.flatMap((name) => {
    const { customers } = parse(readFileSync(join(path, name), "utf8")) as {
      readonly customers: Readonly<Record<string, { readonly access: Access }>>;
    };
    return Object.entries(customers).map(([id, { access }]): [string, Access] => [id, access]);
  });
}

const names = environmentNames();
const environments = await Promise.all(names.map(synthesized));

// These tests are about the team's own files, and hold for any content that `npm run check` accepts.
describe.each(environments)("environment $name", (environment) => {
  const { name, customers: path, declaration, stacks, json } = environment;
  const { apis, frontends } = declaration;

  test(`gives each customer of ${path} exactly the scopes of its access`, () => {
    const customers = accessIn(path);
    const scopes = scopesByClient(json);
    const expected = customers.map(([id, access]) => {
      const audiences = Object.keys(access).map((api) => `audience of ${api}`);
      const names = ["basic", "service_account", ...audiences, ...Object.values(access).flat()];
      return [id, names.sort()];
    });
    const found = customers.map(([id]) => [id, scopes.get(id)]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  test("contains no secret in clear text", () => {
    const fix = "looks like a secret; read it from a Terraform variable";
    expect(stacks.flatMap(secretsIn).map((place) => `${place} ${fix}`)).toEqual([]);
  });

  test("protects the realm, the frontends, the APIs and their scopes from destruction", () => {
    const scopes = Object.entries(apis).flatMap(([api, permissions]) => [
      `${api}-audience`,
      ...permissions,
    ]);
    const unprotected = [
      // a realm that is not managed here has no resource
      ...resources(json, "keycloak_realm")
        .filter((realm) => !isProtected(realm))
        .map(({ address }) => address),
      ...[...Object.keys(apis), ...Object.keys(frontends)]
        .filter((id) => !isProtected(clientWithId(id, json)))
        .map((id) => `client ${id}`),
      ...scopes
        .filter((scope) => !isProtected(scopeWithName(scope, json)))
        .map((scope) => `client scope ${scope}`),
    ];
    const fix = "may be destroyed; set preventDestroy in its lifecycle";
    expect(unprotected.map((name) => `${name} ${fix}`)).toEqual([]);
  });

  test("has the APIs and permissions of customers.schema.json", () => {
    const isUpToDate =
      readFileSync("customers.schema.json", "utf8") === customersJsonSchema(declaration);
    const command = names.includes("local") ? "npm run schema" : `REALM_ENV=${name} npm run schema`;
    expect(isUpToDate || `customers.schema.json is out of date; run ${command}`).toBe(true);
  });
});
