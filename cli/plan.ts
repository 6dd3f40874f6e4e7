import { headOf } from "../operations/review/base/git.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { openDeployment } from "./shared/deployment.ts";
import { allowOptions, baseOption } from "./shared/options.ts";
import { showReport } from "./shared/show-report.ts";

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run --silent plan",
    description: "Shows what a deploy would do, and saves the plan for npm run deploy.",
    example: "--base <commit deployed last>",
  })
    .addOption(baseOption())
    .addOption(allowOptions.removal)
    .addOption(allowOptions.replacement)
    .addOption(allowOptions.many)
    .action(async (options) => {
      const { commit } = await headOf();
      await using deployment = await openDeployment(options, variables);
      const { planned, report } = await deployment.plan(interrupted);
      if (!showReport(report)) {
        process.exitCode = 1;
        return;
      }
      deployment.refuseForbidden(planned);
      await deployment.save(planned, commit);
    }),
);
