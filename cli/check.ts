import { loadCustomers } from "../configuration/customers.ts";
import { environmentNames, loadEnvironment } from "../configuration/environment.ts";
import type { RealmDeclaration } from "../constructs/declaration.ts";
import { declaredWithoutCustomers } from "../terraform/declared.ts";
import { ExplainedError } from "../text/errors.ts";
import { command } from "./command.ts";

await command(async () => {
  const files = new Map<string, RealmDeclaration>();
  const checks = environmentNames().map(async (name) => {
    const variables = { ...process.env, REALM_ENV: name };
    const environment = loadEnvironment(variables);
    const declaration = await declaredWithoutCustomers(variables);
    files.set(environment.customers, declaration);
    const { url, basePath } = environment.keycloak;
    return `environments/${name}.yaml: fine, Keycloak at ${url}${basePath}, state in ${environment.state.type}`;
  });
  const environments = await Promise.allSettled(checks);
  const customers = await Promise.allSettled([...files].map((entry) => checkCustomers(...entry)));

  let worst = 0;
  for (const result of [...customers, ...environments]) {
    if (result.status === "fulfilled") {
      console.log(result.value);
    } else if (result.reason instanceof ExplainedError) {
      console.error(result.reason.message);
      worst = Math.max(worst, result.reason.exitStatus);
    } else {
      throw result.reason;
    }
  }
  process.exitCode = worst;
});

async function checkCustomers(file: string, declaration: RealmDeclaration): Promise<string> {
  const customers = await Promise.resolve().then(() => loadCustomers(file, declaration));
  const suspended = customers.filter(({ enabled }) => !enabled).length;
  const count = customers.length === 1 ? "1 customer" : `${customers.length} customers`;
  return `${file}: fine, ${count}${suspended > 0 ? ` (${suspended} suspended)` : ""}`;
}
