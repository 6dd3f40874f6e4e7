import { loadEnvironment } from "../configuration/environment.ts";
import { joinParts } from "../operations/deployment/saved-plan/join-parts.ts";
import { partsOf } from "../operations/deployment/saved-plan/part.ts";
import { forgetPlan } from "../operations/deployment/saved-plan/saved-plan.ts";
import { scopeSince } from "../operations/deployment/stacks/scope.ts";
import { deployedBaseOf, headOf } from "../operations/review/base/git/git.ts";
import { countsText } from "../operations/review/render/wording.ts";
import { countChanges } from "../operations/terraform/plan.ts";
import { plural } from "../text/plural.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { withDeployment } from "./shared/deployment.ts";
import {
  joinOption,
  partOption,
  shardMatrixOption,
  withDeploymentOptions,
} from "./shared/options.ts";
import { showReport } from "./shared/show-report.ts";

await runCommand((context) =>
  withDeploymentOptions(
    newCommand({
      script: "npm run --silent plan",
      description: "Shows what a deploy would do, and saves the plan for npm run deploy.",
      example: "--base <commit deployed last>",
    }),
  )
    .addOption(shardMatrixOption())
    .addOption(partOption())
    .addOption(joinOption())
    .action(async ({ shardMatrix, part, join, ...options }) => {
      if (shardMatrix) {
        await printMatrix(options, context.variables);
        return;
      }
      const { commit } = await headOf();
      const saved = join ? await joinParts() : undefined;
      await withDeployment({ ...options, saved }, context, async (deployment) => {
        // a plan that is refused must not leave an older one to be deployed
        if (!saved) await forgetPlan(part);
        if (part) {
          const planned = await deployment.planPart(part);
          context.interrupted.throwIfAborted();
          await deployment.save(planned, commit, part);
          const counts = countsText(countChanges(planned.planned.changes));
          console.error(`saved part ${part.number} of ${part.of}: ${counts}`);
          return;
        }
        const reviewed = saved
          ? await deployment.takeSaved(saved, commit)
          : await deployment.plan();
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

/** Prints the parts of the plan as a matrix of GitHub, which is also the only element of a matrix of GitLab. */
async function printMatrix(
  { base, all }: { readonly base?: string | undefined; readonly all?: true | undefined },
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  const environment = loadEnvironment(variables);
  const { count } = environment.shards;
  const since = all || base === undefined ? undefined : await deployedBaseOf(base);
  const { only } = await scopeSince(since, environment);
  const shards = only?.shards.length ?? count;
  const parts = partsOf(shards);
  const what = count === 1 ? "one stack" : `${shards} of ${plural(count, "shard")}`;
  console.error(`plans ${what} in ${plural(parts.length, "part")}`);
  console.log(JSON.stringify({ PART: parts }));
}
