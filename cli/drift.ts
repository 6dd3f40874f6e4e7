import { loadEnvironment } from "../configuration/environment.ts";
import { chooseKeycloak } from "../local/choose-keycloak.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import { reviewDrift } from "../operations/review/review.ts";
import { TerraformRuns } from "../operations/terraform/terraform-runs.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { paceOf } from "./shared/progress/pace.ts";
import { jsonOption, parallelOption } from "./shared/options.ts";
import { showReport } from "./shared/show-report.ts";

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run --silent drift",
    description:
      "Shows what differs between the live Keycloak and the declaration. Exits with status 1 for drift.",
    example: "--json",
  })
    .addOption(parallelOption())
    .addOption(jsonOption)
    .action(async (options) => {
      const environment = loadEnvironment(variables);
      const report = await withEnvironmentLock(environment.name, interrupted, async () => {
        const keycloak = await chooseKeycloak(environment, variables);
        await using runs = await TerraformRuns.onKeycloak(keycloak, paceOf(options));
        return reviewDrift(await runs.plannedChanges(), { head: runs.head, environment });
      });
      showReport(report, options);
      process.exitCode = report.plan?.drift.length === 0 ? 0 : 1;
    }),
);
