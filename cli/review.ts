import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { plannedChanges, synthesisVariables } from "../local/session.ts";
import { baseOf } from "../review/git.ts";
import { allowedByOptions, allowOptions } from "../review/options.ts";
import { reviewSince } from "../review/run.ts";
import { synthesize } from "../terraform/synthesize.ts";
import { inTemporaryFolder } from "../terraform/temporary.ts";
import { ExplainedError } from "../text/errors.ts";
import { command } from "./command.ts";
import { showReport } from "./show-report.ts";

await command(async () => {
  const { values } = parseArgs({
    options: {
      base: { type: "string" },
      plan: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      ...allowOptions,
    },
  });
  if (!values.base)
    throw new ExplainedError(2, "name what to compare with: npm run review -- --base origin/main");
  const allowed = allowedByOptions(values);
  const environment = loadEnvironment();
  const base = await baseOf(values.base);
  const variables = values.plan ? await synthesisVariables(environment) : process.env;
  const report = await inTemporaryFolder(async (outdir) => {
    const head = await synthesize(outdir, variables);
    const planned = values.plan && {
      planned: { changes: await plannedChanges(head, environment), adopted: [] },
    };
    return reviewSince(base, { head, environment, allowed, ...planned }, variables);
  });
  if (!showReport(report, values)) process.exitCode = 1;
});
