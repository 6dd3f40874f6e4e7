import { forgetPlan } from "../operations/deployment/saved-plan/saved-plan.ts";
import { headOf } from "../operations/review/base/git.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { withDeployment } from "./shared/deployment.ts";
import { withDeploymentOptions } from "./shared/options.ts";
import { showReport } from "./shared/show-report.ts";

await runCommand((context) =>
  withDeploymentOptions(
    newCommand({
      script: "npm run --silent plan",
      description: "Shows what a deploy would do, and saves the plan for npm run deploy.",
      example: "--base <commit deployed last>",
    }),
  ).action(async (options) => {
    const { commit } = await headOf();
    await withDeployment(options, context, async (deployment) => {
      // a plan that is refused must not leave an older one to be deployed
      await forgetPlan();
      const reviewed = await deployment.plan();
      if (!showReport(reviewed.report)) {
        process.exitCode = 1;
        return;
      }
      await deployment.refuseForbidden(reviewed.planned);
      await deployment.rotations(reviewed.report);
      context.interrupted.throwIfAborted();
      await deployment.save(reviewed, commit);
    });
  }),
);
