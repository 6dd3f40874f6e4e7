import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { deploy } from "../deployment/deploy.ts";
import { makePlan } from "../deployment/planning.ts";
import { refuseRealmChange } from "../deployment/refuse-realm-change.ts";
import {
  forgetPlan,
  newPlanFolder,
  originNow,
  planFile,
  refuseStale,
  type SavedPlan,
  savedPlan,
} from "../deployment/saved-plan.ts";
import { headOf } from "../review/git.ts";
import { refusalText } from "../review/guard.ts";
import type { Planned } from "../review/run.ts";
import { counted, effective, plannedIn } from "../terraform/plan.ts";
import { ExplainedError } from "../text/errors.ts";
import { command } from "./command.ts";
import { deploymentOptions, type DeploymentTools, inDeployment } from "./deployment.ts";
import { showReport } from "./show-report.ts";

await command(async (interrupted) => {
  const { values } = parseArgs({
    options: { ...deploymentOptions, "auto-approve": { type: "boolean", default: false } },
  });
  const asks = !values["auto-approve"];
  const saved = await savedPlan();
  if (!saved && asks && !process.stdin.isTTY)
    throw new ExplainedError(
      2,
      "no plan is saved and there is nobody to ask; run npm run plan first, or give --auto-approve",
    );
  await inDeployment(values, async (tools) => {
    const planned = saved ? await takeSaved(saved, tools) : await planNow(tools, asks, interrupted);
    if (!planned) return;
    const changes = effective(planned.changes);
    if (changes.length === 0) console.log("Keycloak is as declared: nothing to change");
    else {
      console.log(`terraform apply: ${counted(changes)} …`);
      const { session, head } = tools;
      const { realm } = head.declaration;
      await deploy({ session, realm, planned, file: planFile, interrupted });
      console.log("Keycloak is as declared");
    }
    await forgetPlan();
  });
});

/** The saved plan, if it still holds and nothing in it is refused. */
async function takeSaved(
  saved: SavedPlan,
  { session, head, environment, reportOn }: DeploymentTools,
): Promise<Planned> {
  const { workspace, login } = session;
  const { commit } = await headOf();
  refuseStale(saved, await originNow(environment.name, commit, head, workspace));
  const planned = { changes: await plannedIn(workspace, planFile), adopted: saved.adopted };
  const { verdict } = await reportOn(planned);
  if (verdict.refused.length > 0) throw new ExplainedError(1, refusalText(verdict));
  refuseRealmChange(login, effective(planned.changes));
  return planned;
}

/** A plan that is made now, if nothing in it is refused and whoever is asked agrees. */
async function planNow(
  { session, head, reportOn }: DeploymentTools,
  asks: boolean,
  interrupted: AbortSignal,
): Promise<Planned | undefined> {
  await newPlanFolder();
  const planned = await makePlan(session, head.declaration.realm, planFile, interrupted);
  const changes = effective(planned.changes);
  if (!showReport(await reportOn(planned), { json: false })) {
    await forgetPlan();
    process.exitCode = 1;
    return undefined;
  }
  refuseRealmChange(session.login, changes);
  if (!asks || changes.length === 0 || (await agreed(interrupted))) return planned;
  await forgetPlan();
  console.log("nothing is applied");
  return undefined;
}

async function agreed(signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question("apply this? only yes is taken: ", { signal })) === "yes";
  } finally {
    terminal.close();
  }
}
