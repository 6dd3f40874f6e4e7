import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { adminClient } from "../keycloak/admin.ts";
import { customerProblems } from "../keycloak/customer-clients.ts";
import { issuerOf } from "../keycloak/token.ts";
import { loginsFile } from "../local/logins.ts";
import { needProgram } from "../local/programs.ts";
import { start } from "../local/start.ts";
import { meansOwnKeycloak } from "../local/target.ts";
import { ExplainedError } from "../text/errors.ts";
import { table } from "../text/table.ts";
import { command } from "./command.ts";

await command(async () => {
  const { values } = parseArgs({
    options: { "as-administrator": { type: "boolean", default: false } },
  });
  const environment = loadEnvironment();
  await needProgram("terraform", process.env);

  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      interruption.abort();
    });
  const started = await start(
    environment,
    { asAdministrator: values["as-administrator"] },
    interruption.signal,
  );

  const { declaration } = started.synthesis;
  const admin = await adminClient(started.login);
  const issuer = issuerOf(started.baseUrl, declaration.realm);
  const rows: string[][] = [];
  let wrong = 0;
  for (const [id, customer] of Object.entries(declaration.customers)) {
    const problems = await customerProblems(admin, declaration.realm, issuer, id, customer);
    wrong += problems.length;
    const fine = customer.enabled ? "token verified" : "suspended: gets no token";
    const { access } = customer;
    rows.push([
      id,
      customer.name,
      Object.keys(access).join(" "),
      Object.values(access).flat().join(" ") || "-",
      problems.join("; ") || fine,
    ]);
  }
  console.log(`\n${table([["customer", "name", "aud", "scope", "result"], ...rows])}\n`);
  if (wrong > 0) throw new ExplainedError(1, `${wrong} of these are not as declared`);

  console.log(
    [
      ...(meansOwnKeycloak(environment)
        ? [
            `console      ${started.baseUrl}/admin/master/console/#/${declaration.realm}`,
            `its login    ${loginsFile()} (administrator)`,
          ]
        : []),
      `credentials  npm run credentials -- ${Object.keys(declaration.customers)[0] ?? "<customer>"}`,
      `a customer   add an entry to ${environment.customers}, npm run check, npm start`,
      ...(meansOwnKeycloak(environment)
        ? ["the end      npm stop; npm run reset forgets its data"]
        : []),
    ].join("\n"),
  );
});
