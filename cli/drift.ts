import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { plannedChanges, synthesisVariables } from "../local/session.ts";
import { nothingAllowed } from "../review/guard.ts";
import type { Report } from "../review/report.ts";
import { reviewPlanned } from "../review/run.ts";
import { synthesize } from "../terraform/synthesize.ts";
import { inTemporaryFolder } from "../terraform/temporary.ts";
import { command } from "./command.ts";
import { showReport } from "./show-report.ts";

await command(async () => {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const environment = loadEnvironment();
  const report = await inTemporaryFolder(async (outdir): Promise<Report> => {
    const head = await synthesize(outdir, await synthesisVariables(environment));
    const planned = { changes: await plannedChanges(head, environment), adopted: [] };
    const found = reviewPlanned(planned, { head, environment, allowed: nothingAllowed });
    return { ...found, verdict: { refused: [], overruled: [] } };
  });
  showReport(report, values);
  process.exitCode = report.plan?.drift.length === 0 ? 0 : 1;
});
