import { loadEnvironment } from "../configuration/environment.ts";
import { deployerClientId } from "../constructs/names/reserved-names.ts";
import { adminClient, loginFrom } from "../operations/keycloak/admin.ts";
import { ensureDeployer } from "../operations/keycloak/deployer.ts";
import { needExistingRealm } from "../operations/keycloak/existing-realm.ts";
import { warnOfOldServer } from "../operations/keycloak/server-version.ts";
import { missingGroupReading } from "../operations/keycloak/group-reading.ts";
import { missingEvents } from "../operations/keycloak/stored-events.ts";
import { declaredWithoutCustomers } from "../operations/terraform/declared.ts";
import { RefusedError, UnavailableError } from "../text/errors.ts";
import { table } from "../text/table.ts";
import { needTerminal, newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run bootstrap-deployer",
    description:
      "Creates the identity that a pipeline deploys with, and shows its credentials. It works only on a terminal.",
    example: "",
  })
    .option("--rotate", "replace the deployer's secret")
    .action(async (options) => {
      needTerminal(variables);
      const login = loginFrom(loadEnvironment(variables).baseUrl, variables);
      if (!login)
        throw new UnavailableError(
          "there is no administrator's login; set KEYCLOAK_USER and KEYCLOAK_PASSWORD for this run",
        );
      const admin = await adminClient(login, true);
      await warnOfOldServer(admin);
      const declaration = await declaredWithoutCustomers(variables);
      const { realm, existing, groups } = declaration;
      await needExistingRealm(declaration, login);
      if (!(await admin.realms.findOne({ realm })))
        throw new RefusedError(
          `the realm "${realm}" does not exist yet; deploy it as the administrator first`,
        );
      const { clientSecret, created } = await ensureDeployer(admin, realm, {
        rotate: options.rotate ?? false,
        hasGroups: groups !== undefined,
      });
      const result = options.rotate ? "has a new secret" : "exists already and keeps its secret";
      console.log(
        `the deployer of "${realm}" ${created ? "is created" : result}; the pipeline's secrets:\n`,
      );
      console.log(
        table([
          ["KEYCLOAK_REALM", realm],
          ["KEYCLOAK_CLIENT_ID", deployerClientId],
          ["KEYCLOAK_CLIENT_SECRET", clientSecret],
        ]),
      );
      console.log(
        [
          "",
          "Give them to both environments of the pipeline, production-plan and production. Let both allow only the branch main:",
          "whoever has them reads the secret of every customer and changes clients. docs/pipelines.md describes the setup.",
        ].join("\n"),
      );
      const advice = [
        existing && (await missingEvents(admin, realm)),
        groups && (await missingGroupReading(admin, realm)),
      ].filter((text) => text !== undefined && text !== false);
      for (const text of advice) console.log(`\n${text}`);
    }),
);
