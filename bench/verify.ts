/** Verifies 1,000 customers against a Keycloak of its own, as an identity that may view users and as one that may not. */
import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { BackendClient } from "../constructs/backend-client.ts";
import { CustomerClient } from "../constructs/customer-client.ts";
import type { Customer } from "../constructs/declaration.ts";
import { findKeycloak } from "../local/keycloak/distribution.ts";
import { startKeycloak } from "../local/keycloak/server.ts";
import { findClient } from "../operations/keycloak/clients.ts";
import { findRealmStacks } from "../operations/terraform/synthesis/manifest.ts";
import { needTerraform } from "../operations/terraform/program.ts";
import { readStacks } from "../operations/terraform/synthesis/stack-json.ts";
import { differencesOf } from "../operations/verify/verified.ts";
import { verify } from "../operations/verify/verify.ts";
import { inFlight } from "../system/in-flight.ts";
import { freePort } from "../system/ports.ts";
import { endProcessGroup } from "../system/programs/process-groups.ts";
import { TemporaryFolder } from "../system/temporary-folder.ts";
import { table } from "../text/table.ts";
import { Workbench } from "../__tests__/e2e/support/projects/workbench.ts";

const count = 1_000;
const realm = "atlas";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    interruption.abort();
  });

/** The customers that Terraform deploys, and that the others are copies of. */
const samples: readonly Customer[] = [["orders:read"], ["orders:read", "orders:write"]].map(
  (permissions) => ({
    ...{ name: "Somebody", contact: "api@example.com", enabled: true },
    access: { "atlas-api": permissions },
  }),
);

await needTerraform(process.env);
await run();

// in a function: esbuild moves a module with `await using` into a block, which hides its constants from its functions
async function run(): Promise<void> {
  await using folder = await TemporaryFolder.create();
  const administrator = { username: "admin", password: "admin" };
  const home = await findKeycloak("", process.env);
  const { url, pid } = await startKeycloak(
    {
      ...{ home, administrator, folder: folder.path, port: await freePort() },
      ...{ basePath: "", variables: process.env },
    },
    interruption.signal,
  );
  try {
    const bench = await Workbench.create({ url, basePath: "", administrator }, "embedded", realm);
    try {
      await measure(bench, url);
    } finally {
      await bench.close();
    }
  } finally {
    await endProcessGroup(pid);
  }
}

async function measure(bench: Workbench, baseUrl: string): Promise<void> {
  await bench.deploy((stack) => {
    new BackendClient(stack, "atlas-api", { permissions: ["orders:read", "orders:write"] });
    for (const [index, customer] of samples.entries())
      new CustomerClient(stack, `sample-${index}`, customer);
  });
  const { realm } = await findRealmStacks(join(bench.folder, "out"));
  const { declaration, resources } = readStacks(realm.stack);
  const copies = await copySamples(bench.admin, count - samples.length);
  const customers = { ...declaration.customers, ...copies };
  const stack = { declaration: { ...declaration, customers }, resources };

  const rows = [["identity", "customers", "differences", "time", "CPU of this process"]];
  const logins = { deployer: await bench.deployerClient(), administrator: bench.admin };
  for (const [identity, admin] of Object.entries(logins)) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const verification = await verify({ admin, baseUrl, stack });
    const { user, system } = process.cpuUsage(cpu);
    rows.push([
      ...[identity, String(Object.keys(customers).length)],
      String(differencesOf(verification).length),
      `${((performance.now() - start) / 1_000).toFixed(1)} s`,
      `${((user + system) / 1_000_000).toFixed(1)} s`,
    ]);
  }
  console.log(table(rows));
}

/** Creates copies of the samples' clients, and returns their declaration. */
async function copySamples(
  admin: KcAdminClient,
  copies: number,
): Promise<Readonly<Record<string, Customer>>> {
  const clients = await Promise.all(
    samples.map(async (_, index) => {
      const client = await findClient(admin, realm, `sample-${index}`);
      return Object.fromEntries(
        Object.entries(client ?? {}).filter(([name]) => name !== "id" && name !== "secret"),
      );
    }),
  );
  const numbers = Array.from({ length: copies }, (_, index) => index);
  const created = await inFlight(8, numbers, async (number) => {
    const index = number % samples.length;
    const clientId = `customer-${number}`;
    await admin.clients.create({ realm, ...clients[index], clientId });
    return [clientId, samples[index]] as const;
  });
  return Object.fromEntries(created) as Record<string, Customer>;
}
