import { parseArgs } from "node:util";
import { makePlan } from "../deployment/planning.ts";
import { refuseRealmChange } from "../deployment/refuse-realm-change.ts";
import {
  forgetPlan,
  keepPlan,
  newPlanFolder,
  originNow,
  planFile,
  refuseSecrets,
} from "../deployment/saved-plan.ts";
import { headOf } from "../review/git.ts";
import { effective } from "../terraform/plan.ts";
import { command } from "./command.ts";
import { deploymentOptions, inDeployment } from "./deployment.ts";
import { showReport } from "./show-report.ts";

await command(async (interrupted) => {
  const { values } = parseArgs({ options: deploymentOptions });
  const { commit } = await headOf();
  await inDeployment(values, async ({ session, head, environment, reportOn }) => {
    await newPlanFolder();
    const planned = await makePlan(session, head.declaration.realm, planFile, interrupted);
    if (!showReport(await reportOn(planned), { json: false })) {
      await forgetPlan();
      process.exitCode = 1;
      return;
    }
    refuseRealmChange(session.login, effective(planned.changes));
    refuseSecrets(planned);
    const origin = await originNow(environment.name, commit, head, session.workspace);
    await keepPlan({ ...origin, adopted: planned.adopted });
  });
});
