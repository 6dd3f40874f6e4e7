import { loadEnvironment } from "../configuration/environment.ts";
import { deployerClientId, readerClientId } from "../constructs/names/reserved-names.ts";
import { adminClient, loginFrom } from "../operations/keycloak/login/admin.ts";
import { ensureDeployer, ensureReader } from "../operations/keycloak/deployer/deployer.ts";
import { needExistingRealm } from "../operations/keycloak/existing/existing-realm.ts";
import { missingGroupReading } from "../operations/keycloak/deployer/group-reading.ts";
import { trustPipelineIssuer } from "../operations/keycloak/deployer/pipeline-issuer.ts";
import {
  defaultEnvironment,
  pipelineTrust,
} from "../operations/keycloak/deployer/pipeline-trust.ts";
import { warnOfOldServer } from "../operations/keycloak/login/server-version.ts";
import { missingEvents } from "../operations/keycloak/deployer/stored-events.ts";
import { declaredWithoutCustomers } from "../operations/terraform/synthesis/declared.ts";
import { RefusedError, UnavailableError, UsageError } from "../text/errors.ts";
import { needTerminal, newCommand, runCommand } from "./shared/command.ts";
import { describeIdentities } from "./shared/pipeline-identities.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run bootstrap-deployer",
    description:
      "Creates the two identities of a pipeline: the deployer, and the reader, which only plans. Shows their credentials, on a terminal only.",
    example: "--github owner/repo --environment production",
  })
    .option(
      "--github <owner/repo>",
      "log in with the tokens of this repository's jobs, not a secret",
    )
    .option("--environment <name>", "environment on GitHub that deploys (default: production)")
    .option("--gitlab <group/project>", "log in with the tokens of this project's branch main")
    .option("--issuer <url>", "log in with the tokens of another issuer")
    .option("--subject <subject>", "subject of that issuer's tokens for the deployer")
    .option("--reader-subject <subject>", "subject of that issuer's tokens for the reader")
    .option("--rotate", "give both a new secret, and accept tokens no more")
    .action(async ({ rotate = false, ...pipeline }) => {
      const trust = await pipelineTrust(pipeline);
      if (trust && rotate)
        throw new UsageError("--rotate gives a secret, which a login with tokens does not have");
      if (!trust) needTerminal(variables);
      const login = loginFrom(loadEnvironment(variables).baseUrl, variables);
      if (!login)
        throw new UnavailableError(
          "there is no administrator's login; set KEYCLOAK_USER and KEYCLOAK_PASSWORD for this run",
        );
      const admin = await adminClient(login, true);
      await warnOfOldServer(admin);
      const declaration = await declaredWithoutCustomers(variables);
      const { realm, existing, groups, issuers } = declaration;
      await needExistingRealm(declaration, login);
      if (!(await admin.realms.findOne({ realm })))
        throw new RefusedError(
          `the realm "${realm}" does not exist yet; deploy it as the administrator first`,
        );
      const alias = trust && (await trustPipelineIssuer(admin, realm, trust));
      const options = (subject: string | undefined) => ({
        ...{ rotate, hasGroups: groups !== undefined, hasIssuers: issuers !== undefined },
        // without a subject of its own, it would go on trusting its old one, which may be anybody's with a new issuer
        ...(alias !== undefined && {
          trust: subject === undefined ? ("none" as const) : { alias, subject },
        }),
      });
      const deployer = await ensureDeployer(admin, realm, options(trust?.deployer));
      const reader = await ensureReader(admin, realm, options(trust?.reader));
      const environment = trust?.environment ?? defaultEnvironment;
      const identities = [
        { clientId: deployerClientId, environment, ...deployer },
        { clientId: readerClientId, environment: `${environment}-plan`, ...reader },
      ];
      console.log(describeIdentities(realm, identities, { rotate, trust }));
      const advice = [
        existing && (await missingEvents(admin, realm)),
        groups && (await missingGroupReading(admin, realm)),
      ].filter((text) => text !== undefined && text !== false);
      for (const text of advice) console.log(`\n${text}`);
    }),
);
