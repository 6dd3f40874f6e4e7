import { writeFile } from "node:fs/promises";
import { type Environment, loadEnvironment } from "../configuration/environment.ts";
import { refuseUnusedSettings } from "../configuration/environment/unused-settings.ts";
import { chooseKeycloak } from "../local/choose-keycloak.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import { type Scope, scopeSince } from "../operations/deployment/stacks/scope.ts";
import { ScopedRuns, scopeVariables } from "../operations/deployment/stacks/scoped-runs.ts";
import { type Base, baseOf } from "../operations/review/base/git/git.ts";
import type { Allowed } from "../operations/review/guard/allowed.ts";
import type { Report } from "../operations/review/report.ts";
import { reviewSince } from "../operations/review/review.ts";
import type { Pace } from "../operations/terraform/terraform-runs.ts";
import { synthesize } from "../operations/terraform/synthesis/synthesize.ts";
import { TemporaryFolder } from "../system/temporary-folder.ts";
import { paceOf } from "./shared/progress/pace.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import {
  allOption,
  allowedByOptions,
  allowOptions,
  baseOption,
  jsonOption,
  parallelOption,
} from "./shared/options.ts";
import { jsonText, showReport } from "./shared/show-report.ts";

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run --silent review",
    description: "Shows what HEAD and the work tree change since a commit, and refuses accidents.",
    example: "--base origin/main",
  })
    .addOption(baseOption().makeOptionMandatory())
    .option("--plan", "add the plan against the live Keycloak")
    .addOption(allOption())
    .addOption(parallelOption())
    .addOption(jsonOption)
    .option("--json-file <path>", "write the JSON to a file as well")
    .addOption(allowOptions.removal)
    .addOption(allowOptions.replacement)
    .addOption(allowOptions.newSecret)
    .addOption(allowOptions.redirect)
    .addOption(allowOptions.many)
    .action(async (options) => {
      const allowed = allowedByOptions(options);
      const environment = loadEnvironment(variables);
      const base = await baseOf(options.base);
      const scope = await scopeSince(options.all ? undefined : base, environment);
      const review = { environment, allowed, base, scope, pace: paceOf(options) };
      const report = options.plan
        ? await withEnvironmentLock(environment.name, interrupted, () =>
            reviewWithPlan(review, variables),
          )
        : await reviewDeclaration(review, variables);
      if (options.jsonFile !== undefined) await writeFile(options.jsonFile, jsonText(report));
      if (!showReport(report, options)) process.exitCode = 1;
    }),
);

interface Review {
  readonly environment: Environment;
  readonly allowed: Allowed;
  readonly base: Base;
  readonly scope: Scope;
  readonly pace: Pace;
}

async function reviewDeclaration(review: Review, variables: NodeJS.ProcessEnv): Promise<Report> {
  await using folder = await TemporaryFolder.create();
  const scoped = { ...variables, ...scopeVariables(review.scope) };
  const head = synthesize(folder.path, scoped);
  const { tree } = review.scope;
  const report = reviewSince(review.base, { head, tree, ...review }, scoped);
  // both end before the folder is removed, and problems of the head come first
  await Promise.allSettled([head, report]);
  await head;
  return await report;
}

async function reviewWithPlan(review: Review, variables: NodeJS.ProcessEnv): Promise<Report> {
  const keycloak = await chooseKeycloak(review.environment, variables);
  await using scoped = await ScopedRuns.open({ keycloak, ...review });
  const { runs, before, variables: chosen } = scoped;
  refuseUnusedSettings(review.environment, runs.head.declaration);
  const stacks = await scoped.stacks();
  const changes = (
    await runs.each(stacks, ({ run, targets }) => run.plannedChanges(targets), "plan")
  ).flat();
  const options = { head: runs.head, planned: { changes, adopted: [] }, ...review };
  return await reviewSince(review.base, { ...options, ...(before && { before }) }, chosen);
}
