import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { plannedChanges, synthesisVariables } from "../local/planned.ts";
import { review } from "../review/changes.ts";
import { toJson } from "../review/json.ts";
import { markdown } from "../review/markdown.ts";
import { reviewPlan } from "../review/plan-changes.ts";
import type { Report } from "../review/report.ts";
import { inTemporaryFolder } from "../review/temporary.ts";
import { number } from "../review/sentence.ts";
import { synthesize } from "../terraform/synthesize.ts";
import { command } from "./command.ts";

await command(async () => {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const environment = loadEnvironment();
  const report = await inTemporaryFolder(async (outdir): Promise<Report> => {
    const declared = await synthesize(outdir, await synthesisVariables(environment));
    const plan = reviewPlan(await plannedChanges(declared, environment), declared, declared);
    const differing = new Set(plan.drift.map(({ address }) => address)).size;
    const note =
      differing === 0
        ? "Keycloak is as declared."
        : `Keycloak differs from what is declared in ${number(differing, "resource")}.`;
    return {
      origin: { environment: environment.name, note },
      review: review(declared, declared),
      verdict: { refused: [], overruled: [] },
      plan,
    };
  });
  process.stdout.write(
    values.json ? `${JSON.stringify(toJson(report), null, 2)}\n` : markdown(report),
  );
  process.exitCode = report.plan?.drift.length === 0 ? 0 : 1;
});
