import { loadEnvironment } from "../configuration/environment.ts";
import { chooseKeycloak } from "../local/target.ts";
import { reviewDrift } from "../operations/review/review.ts";
import { synthesize } from "../operations/terraform/synthesize.ts";
import { TerraformRun } from "../operations/terraform/terraform-run.ts";
import { TemporaryFolder } from "../system/temporary-folder.ts";
import { newCommand, runCommand } from "./command.ts";
import { jsonOption } from "./options.ts";
import { showReport } from "./show-report.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run --silent drift",
    description:
      "Shows what differs between the live Keycloak and the declaration. Exit status 1 for drift.",
    example: "--json",
  })
    .addOption(jsonOption)
    .action(async (options) => {
      const environment = loadEnvironment(variables);
      await using folder = await TemporaryFolder.create();
      const keycloak = await chooseKeycloak(environment, variables);
      const head = await synthesize(folder.path, keycloak.variables);
      await using run = await TerraformRun.open(
        head.folder,
        await keycloak.target(head.declaration.realm),
      );
      const report = reviewDrift(await run.plannedChanges(), { head, environment });
      showReport(report, options);
      process.exitCode = report.plan?.drift.length === 0 ? 0 : 1;
    }),
);
