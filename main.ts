import { App } from "cdktf";
import { Construct } from "constructs";
import { loadCustomers } from "./configuration/customers.ts";
import { loadEnvironment } from "./configuration/environment.ts";
import { BackendClient } from "./constructs/backend-client.ts";
import { CustomerClient } from "./constructs/customer-client.ts";
import { FrontendClient } from "./constructs/frontend-client.ts";
import { GroupRoles } from "./constructs/group-roles.ts";
import { RealmStack } from "./constructs/realm-stack.ts";
import { endWithMessage } from "./text/errors.ts";

process.on("uncaughtException", endWithMessage);

const environment = loadEnvironment(process.env);
const app = new App();

const atlas = new RealmStack(app, "atlas", {
  realm: "atlas",
  displayName: "Atlas",
  keycloak: environment.keycloak,
  state: environment.state,
  shards: environment.shards,
  events: environment.events,
  authentication: environment.authentication,
});

new BackendClient(atlas, "atlas-api", {
  name: "Atlas API",
  permissions: ["orders:read", "orders:write"],
  roles: { clerk: ["orders:read"], manager: ["orders:read", "orders:write"] },
});

new FrontendClient(atlas, "atlas-frontend", {
  name: "Atlas",
  ...environment.frontend,
  access: { "atlas-api": ["orders:read", "orders:write"] },
});

new GroupRoles(atlas, "clerks", { group: "/clerks", access: { "atlas-api": ["clerk"] } });
new GroupRoles(atlas, "managers", { group: "/managers", access: { "atlas-api": ["manager"] } });

const customers = new Construct(atlas, "customers");
for (const { id, ...customer } of loadCustomers(environment.customers, atlas.declaration)) {
  new CustomerClient(customers, id, customer);
}

app.synth();
