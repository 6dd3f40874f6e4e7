import { loadEnvironment } from "../configuration/environment.ts";
import { chooseKeycloak } from "../local/target.ts";
import { baseOf } from "../operations/review/base/git.ts";
import { reviewSince } from "../operations/review/review.ts";
import { synthesize } from "../operations/terraform/synthesize.ts";
import { TerraformRun } from "../operations/terraform/terraform-run.ts";
import { TemporaryFolder } from "../system/temporary-folder.ts";
import { newCommand, runCommand } from "./command.ts";
import { allowedByOptions, allowOptions, baseOption, jsonOption } from "./options.ts";
import { showReport } from "./show-report.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run --silent review",
    description: "Shows what HEAD and the work tree change since a commit, and refuses accidents.",
    example: "--base origin/main",
  })
    .addOption(baseOption.makeOptionMandatory())
    .option("--plan", "add what terraform would do to the live Keycloak")
    .addOption(jsonOption)
    .addOption(allowOptions.removal)
    .addOption(allowOptions.replacement)
    .addOption(allowOptions.many)
    .action(async (options) => {
      const allowed = allowedByOptions(options);
      const environment = loadEnvironment(variables);
      const base = await baseOf(options.base);
      await using folder = await TemporaryFolder.create();
      const keycloak = options.plan ? await chooseKeycloak(environment, variables) : undefined;
      const chosen = keycloak?.variables ?? variables;
      const head = await synthesize(folder.path, chosen);
      const reviewed = { head, environment, allowed };
      if (!keycloak) {
        const report = await reviewSince(base, reviewed, chosen);
        if (!showReport(report, options)) process.exitCode = 1;
        return;
      }
      await using run = await TerraformRun.open(
        head.folder,
        await keycloak.target(head.declaration.realm),
      );
      const planned = { changes: await run.plannedChanges(), adopted: [] };
      const report = await reviewSince(base, { ...reviewed, planned }, chosen);
      if (!showReport(report, options)) process.exitCode = 1;
    }),
);
