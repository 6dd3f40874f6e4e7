import { parseArgs } from "node:util";
import { type Environment, loadEnvironment } from "../configuration/environment.ts";
import { adminClient } from "../keycloak/admin.ts";
import { customerProblems } from "../keycloak/customer-clients.ts";
import { issuerOf } from "../keycloak/token.ts";
import { loginsFile } from "../local/logins.ts";
import { needProgram } from "../local/programs.ts";
import { start, type Started } from "../local/start.ts";
import { meansOwnKeycloak } from "../local/target.ts";
import { ExplainedError } from "../text/errors.ts";
import { table } from "../text/table.ts";
import { command } from "./command.ts";

await command(async (interrupted) => {
  const { values } = parseArgs({
    options: { "as-administrator": { type: "boolean", default: false } },
  });
  const environment = loadEnvironment();
  await needProgram("terraform", process.env);
  const asAdministrator = values["as-administrator"];
  await start(environment, { asAdministrator, interrupted }, (started) =>
    verify(started, environment),
  );
});

async function verify(
  { synthesis, baseUrl, login }: Started,
  environment: Environment,
): Promise<void> {
  const { realm, customers } = synthesis.declaration;
  const admin = await adminClient(login);
  const issuer = issuerOf(baseUrl, realm);
  const rows: string[][] = [];
  let wrong = 0;
  for (const [id, customer] of Object.entries(customers)) {
    const problems = await customerProblems(admin, realm, issuer, id, customer);
    if (problems.length > 0) wrong += 1;
    const fine = customer.enabled ? "token verified" : "suspended: gets no token";
    const audiences = Object.keys(customer.access).join(" ");
    const permissions = Object.values(customer.access).flat().join(" ") || "-";
    rows.push([id, customer.name, audiences, permissions, problems.join("; ") || fine]);
  }
  console.log(`\n${table([["customer", "name", "aud", "scope", "result"], ...rows])}\n`);
  if (wrong > 0) throw new ExplainedError(1, `${wrong} of the customers are not as declared`);
  console.log(table(nextSteps(environment, baseUrl, realm, Object.keys(customers)[0])));
}

function nextSteps(
  environment: Environment,
  baseUrl: string,
  realm: string,
  customer = "<customer>",
): string[][] {
  const add = [
    "add a customer",
    `write it into ${environment.customers}, then npm run check, npm start`,
  ];
  const credentials = ["its credentials", `npm run credentials -- ${customer}`];
  if (!meansOwnKeycloak(environment)) return [credentials, add];
  return [
    ["console", `${baseUrl}/admin/master/console/#/${realm}`],
    ["its login", `"administrator" in ${loginsFile()}`],
    credentials,
    add,
    ["the end", "npm stop; npm run reset forgets the data too"],
  ];
}
