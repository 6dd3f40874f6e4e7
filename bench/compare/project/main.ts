import { App } from "cdktf";
import { Construct } from "constructs";
import { loadCustomers } from "../../../configuration/customers.ts";
import { loadEnvironment } from "../../../configuration/environment.ts";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../constructs/customer-client.ts";
import { RealmStack } from "../../../constructs/realm-stack.ts";
import { endWithMessage } from "../../../text/errors.ts";

process.on("uncaughtException", endWithMessage);

const environment = loadEnvironment(process.env);
const app = new App();

const realm = new RealmStack(app, "bench", {
  realm: "bench",
  keycloak: environment.keycloak,
  state: environment.state,
  shards: environment.shards,
});

new BackendClient(realm, "atlas-api", { permissions: ["orders:read", "orders:write"] });

const customers = new Construct(realm, "customers");
for (const { id, ...customer } of loadCustomers(environment.customers, realm.declaration)) {
  new CustomerClient(customers, id, customer);
}

app.synth();
