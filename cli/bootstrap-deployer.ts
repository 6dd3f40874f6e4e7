import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { adminClient, loginFrom } from "../keycloak/admin.ts";
import { deployerClientId } from "../keycloak/built-in.ts";
import { makeDeployer } from "../keycloak/deployer.ts";
import { declaredWithoutCustomers } from "../terraform/declared.ts";
import { ExplainedError } from "../text/errors.ts";
import { table } from "../text/table.ts";
import { command, needTerminal } from "./command.ts";

await command(async () => {
  const { values } = parseArgs({ options: { rotate: { type: "boolean", default: false } } });
  needTerminal();
  const { keycloak } = loadEnvironment();
  const login = loginFrom(keycloak.url + keycloak.basePath, process.env);
  if (!login) {
    throw new ExplainedError(
      3,
      "there is no administrator's login; set KEYCLOAK_USER and KEYCLOAK_PASSWORD, for this once",
    );
  }
  const admin = await adminClient(login);
  const { realm } = await declaredWithoutCustomers(process.env);
  if (!(await admin.realms.findOne({ realm }))) {
    throw new ExplainedError(
      1,
      `the realm "${realm}" is not there yet; deploy it as the administrator first`,
    );
  }
  const { clientSecret, created } = await makeDeployer(admin, realm, values);
  const done = created
    ? "is made"
    : values.rotate
      ? "has a new secret"
      : "is there already, with the secret that it had";
  console.log(`the deployer of "${realm}" ${done}; the pipeline's secrets:\n`);
  console.log(
    table([
      ["KEYCLOAK_REALM", realm],
      ["KEYCLOAK_CLIENT_ID", deployerClientId],
      ["KEYCLOAK_CLIENT_SECRET", clientSecret],
    ]),
  );
});
