import { Clone } from "./clone.ts";

const main = (realm: string) => `
import { App } from "cdktf";
import { loadCustomers } from "./configuration/customers.ts";
import { loadEnvironment } from "./configuration/environment.ts";
import { BackendClient } from "./constructs/backend-client.ts";
import { CustomerClient } from "./constructs/customer-client.ts";
import { RealmStack } from "./constructs/realm-stack.ts";
import { endWithMessage } from "./text/errors.ts";

process.on("uncaughtException", endWithMessage);
const { keycloak, state, customers } = loadEnvironment(process.env);
const app = new App();
const stack = new RealmStack(app, "atlas", { realm: "${realm}", existing: true, keycloak, state });
new BackendClient(stack, "orders-api", { permissions: ["orders:read"] });
for (const { id, ...customer } of loadCustomers(customers, stack.declaration))
  new CustomerClient(stack, id, customer);
app.synth();
`;

const environment = `keycloak: {url: "http://localhost:8080"}
frontend: {redirectUris: ["http://localhost:5173/"]}
state: {type: local}
`;

const customers = `customers:
  acme:
    name: Acme
    contact: api@acme.example
    access:
      orders-api: [orders:read]
`;

/** A clone that declares a customer of one API in a realm with `existing: true`. It uses the embedded provider. */
export async function existingRealmProject(
  realm: string,
  variables: NodeJS.ProcessEnv,
): Promise<Clone> {
  const clone = await Clone.create("embedded", variables);
  await clone.edit("main.ts", () => main(realm));
  await clone.edit("environments/local.yaml", () => environment);
  await clone.edit("customers.yaml", () => customers);
  return clone;
}
