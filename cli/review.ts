import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { plannedChanges, synthesisVariables } from "../local/planned.ts";
import { refusalText } from "../review/guard.ts";
import { toJson } from "../review/json.ts";
import { markdown } from "../review/markdown.ts";
import { allowedByOptions, allowOptions } from "../review/options.ts";
import { runReview } from "../review/run.ts";
import { ExplainedError } from "../text/errors.ts";
import { command } from "./command.ts";

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
  const report = await runReview({
    base: values.base,
    allowed,
    ...(values.plan
      ? { variables: await synthesisVariables(loadEnvironment()), plan: plannedChanges }
      : { variables: process.env }),
  });
  const { refused } = report.verdict;
  process.stdout.write(
    values.json ? `${JSON.stringify(toJson(report), null, 2)}\n` : markdown(report),
  );
  if (refused.length > 0) {
    console.error(refusalText(report.verdict));
    process.exitCode = 1;
  }
});
