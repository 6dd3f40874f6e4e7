import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "yaml";
import { loadCustomers } from "../configuration/customers.ts";
import { BackendClient } from "../constructs/backend-client.ts";
import { CustomerClient } from "../constructs/customer-client.ts";
import { RealmStack } from "../constructs/realm-stack.ts";
import { api, generatedCustomers, permissions } from "./generated-customers.ts";

const folder = mkdtempSync(join(tmpdir(), "bench-"));
try {
  const file = join(folder, "customers.yaml");
  writeFileSync(
    file,
    stringify(
      { customers: generatedCustomers(Number(process.argv[2])) },
      { aliasDuplicateObjects: false },
    ),
  );
  const app = new App({ outdir: join(folder, "out") });
  const stack = new RealmStack(app, "atlas", {
    realm: "atlas",
    keycloak: { url: "http://localhost:8080" },
  });
  new BackendClient(stack, api, { permissions });

  const start = performance.now();
  const customers = loadCustomers(file, stack.declaration);
  const loaded = performance.now();
  const scope = new Construct(stack, "customers");
  for (const { id, ...customer } of customers) new CustomerClient(scope, id, customer);
  app.synth();
  const synthesized = performance.now();

  console.log(
    JSON.stringify({
      load: (loaded - start) / 1_000,
      synthesis: (synthesized - loaded) / 1_000,
      memory: process.resourceUsage().maxRSS / 1_000,
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
