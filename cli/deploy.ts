import type { Deployment, ReviewedPlan } from "../operations/deployment/deployment.ts";
import type { SavedPlan } from "../operations/deployment/saved-plan/note.ts";
import { savedPlan } from "../operations/deployment/saved-plan/saved-plan.ts";
import { headOf } from "../operations/review/base/git/git.ts";
import { refusalText } from "../operations/review/render/refusal.ts";
import { effective } from "../operations/terraform/plan.ts";
import { RefusedError, UsageError } from "../text/errors.ts";
import { commandLine } from "../text/shell-quoted.ts";
import { agrees } from "./shared/agrees.ts";
import { type CommandContext, newCommand, runCommand } from "./shared/command.ts";
import { withDeployment } from "./shared/deployment.ts";
import { withDeploymentOptions } from "./shared/options.ts";
import { planProgress } from "./shared/progress/plan-progress.ts";
import { showReport } from "./shared/show-report.ts";
import { aloneOnTerminal } from "./shared/progress/stacks-progress.ts";

const question = "apply this?";

await runCommand((context) =>
  withDeploymentOptions(
    newCommand({
      script: "npm run --silent deploy",
      description:
        "Applies the saved plan. Without a saved plan it plans, shows the review, asks, and applies.",
      example: "--base <commit deployed last>",
    }),
  )
    .option("--auto-approve", "apply without asking")
    .action(async (options) => {
      const asks = !options.autoApprove;
      const saved = await savedPlan();
      if (asks && !process.stdin.isTTY && !saved)
        throw new UsageError(
          "no plan is saved and there is nobody to ask; run npm run plan first, or add --auto-approve",
        );
      await withDeployment({ ...options, saved }, context, (deployment) =>
        deploy(deployment, saved, asks, context),
      );
    }),
);

async function deploy(
  deployment: Deployment,
  saved: SavedPlan | undefined,
  asks: boolean,
  { variables, interrupted }: CommandContext,
): Promise<void> {
  const progress = planProgress(variables);
  await deployment.storeErroredState();
  const reviewed = saved
    ? await takeSaved(deployment, saved)
    : await planNow(deployment, asks, interrupted);
  interrupted.throwIfAborted();
  if (!reviewed) return;
  const { changes } = reviewed.planned;
  progress.onPlanned(changes);
  await deployment.apply(reviewed, {
    command: commandLine(["npm", "run", "deploy", ...ownArguments()]),
    onDone: progress.onDone,
    onRotated: progress.onRotated,
    agree: async (rest) => {
      await deployment.refuseForbidden(rest.planned);
      const mayAsk = asks && process.stdin.isTTY;
      return aloneOnTerminal(
        async () => showReport(rest.report) && mayAsk && agrees(question, interrupted),
      );
    },
  });
  if (effective(changes).length > 0) console.log("Keycloak is as declared");
}

/** The arguments of this command, as npm passes them. */
function ownArguments(): string[] {
  const words = process.argv.slice(2);
  return words.length > 0 ? ["--", ...words] : [];
}

/** Reads the saved plan. @throws RefusedError if it is stale, or if something in it is refused */
async function takeSaved(deployment: Deployment, saved: SavedPlan): Promise<ReviewedPlan> {
  const { commit } = await headOf();
  const reviewed = await deployment.takeSaved(saved, commit);
  const { verdict } = reviewed.report;
  if (verdict.refused.length > 0) throw new RefusedError(refusalText(verdict));
  await deployment.refuseForbidden(reviewed.planned);
  await deployment.rotations(reviewed.report);
  return reviewed;
}

/** Makes a plan. @returns undefined if something in it is refused, or if the user does not agree */
async function planNow(
  deployment: Deployment,
  asks: boolean,
  interrupted: AbortSignal,
): Promise<ReviewedPlan | undefined> {
  const reviewed = await deployment.plan();
  const { planned, report } = reviewed;
  if (!showReport(report)) {
    process.exitCode = 1;
    return undefined;
  }
  await deployment.refuseForbidden(planned);
  const rotations = await deployment.rotations(report);
  const isNeeded = asks && (effective(planned.changes).length > 0 || rotations.length > 0);
  if (!isNeeded || (await agrees(question, interrupted))) return reviewed;
  console.log("nothing is applied");
  return undefined;
}
