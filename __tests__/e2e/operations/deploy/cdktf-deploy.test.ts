import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { stringify } from "yaml";
import {
  customerProblems,
  deployedClient,
} from "../../../../operations/keycloak/customers/customer-clients.ts";
import { checkout } from "../../../../system/folders.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { Workbench } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const hooli = {
  name: "Hooli",
  contact: "api@hooli.example",
  access: { "atlas-api": ["orders:read"] },
};

const cases = [
  ...onProviders().map((provider) => ({ provider, shards: 1, stacks: "atlas" })),
  { provider: "embedded" as const, shards: 2, stacks: "*" },
];

describe.each(cases)("cdktf deploy $stacks, on the $provider provider,", (each) => {
  const { provider, shards, stacks } = each;
  // a realm of its own, because the keys of a recreated realm differ from those that this process has cached
  const realm = `cdktf-${provider}-${shards}`;
  let clone: Clone;
  let bench: Workbench;
  let customersFile: string;
  const outputs: string[] = [];

  beforeAll(async () => {
    clone = await Clone.create(provider, {});
    await clone.useRealm(realm);
    bench = await Workbench.create(root, provider, realm);
    customersFile = join(bench.folder, "customers.yaml");
    await writeFile(customersFile, stringify({ customers: { hooli } }));
  });
  afterAll(async () => {
    await bench.clear();
    await clone.remove();
  });

  /** Runs cdktf in the clone, as a pipeline without a terminal does. */
  const cdktfDeploy = async () => {
    const { exitCode, all } = await execa(
      join(checkout, "node_modules/.bin/cdktf"),
      ["deploy", stacks, "--auto-approve", "--skip-provider-lock"],
      {
        cwd: clone.folder,
        env: {
          ...bench.variables,
          ...{ REALM_ENV: "local", CUSTOMERS_FILE: customersFile, SHARDS: String(shards) },
        },
        extendEnv: false,
        stdin: "ignore",
        all: true,
        reject: false,
      },
    );
    const output = stripVTControlCharacters(all);
    outputs.push(output);
    return { exitCode, output };
  };
  /** The changes to the realm that Keycloak has recorded. */
  const changes = () => bench.admin.realms.findAdminEvents({ realm, max: 1_000 });
  const secret = async () => (await deployedClient(bench.admin, realm, "hooli"))?.secret;

  test("creates the realm and a customer that gets tokens", async () => {
    const { exitCode, output } = await cdktfDeploy();
    expect(output).toMatch(/Apply complete! Resources: [1-9]\d* added, 0 changed, 0 destroyed\./);
    expect(exitCode).toBe(0);
    const declared = { ...hooli, enabled: true };
    expect(await customerProblems(bench.admin, realm, bench.issuer, "hooli", declared)).toEqual([]);
  });

  test("changes nothing the second time", async () => {
    const before = { changes: await changes(), secret: await secret() };
    expect(before.changes).not.toEqual([]);
    const { exitCode, output } = await cdktfDeploy();
    const applied = output.match(/Apply complete! Resources: .*/g) ?? [];
    expect(new Set(applied)).toEqual(
      new Set(["Apply complete! Resources: 0 added, 0 changed, 0 destroyed."]),
    );
    expect(applied).toHaveLength(shards === 1 ? 1 : shards + 1);
    expect(exitCode).toBe(0);
    expect({ changes: await changes(), secret: await secret() }).toEqual(before);
  });

  test("prints no secret", async () => {
    const clientSecret = (await secret()) ?? "";
    expect(clientSecret).toMatch(/^\S{20,}$/);
    expect(outputs).toHaveLength(2);
    for (const output of outputs) expect(output).not.toContain(clientSecret);
  });
});
