import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { plannedChanges, synthesisVariables } from "../local/session.ts";
import { nothingAllowed } from "../review/guard.ts";
import { toJson } from "../review/json.ts";
import { markdown } from "../review/markdown.ts";
import type { Report } from "../review/report.ts";
import { reviewPlanned } from "../review/run.ts";
import { inTemporaryFolder } from "../review/temporary.ts";
import { synthesize } from "../terraform/synthesize.ts";
import { command } from "./command.ts";

await command(async () => {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const environment = loadEnvironment();
  const report = await inTemporaryFolder(async (outdir): Promise<Report> => {
    const head = await synthesize(outdir, await synthesisVariables(environment));
    const planned = { changes: await plannedChanges(head, environment), adopted: [] };
    const found = reviewPlanned(planned, { head, environment, allowed: nothingAllowed });
    return { ...found, verdict: { refused: [], overruled: [] } };
  });
  process.stdout.write(
    values.json ? `${JSON.stringify(toJson(report), null, 2)}\n` : markdown(report),
  );
  process.exitCode = report.plan?.drift.length === 0 ? 0 : 1;
});
