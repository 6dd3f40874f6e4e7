// node .gitlab/plan-report.mjs <file>  prints how many resources a saved plan creates, updates and deletes, for GitLab
//   <file>  cdktf.out/plan/plan.json, which npm run plan writes
// https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsterraform
import { readFileSync } from "node:fs";
import process from "node:process";

const { changes } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const count = (action) => changes.filter(({ actions }) => actions.includes(action)).length;
const report = { create: count("create"), update: count("update"), delete: count("delete") };
process.stdout.write(`${JSON.stringify(report)}\n`);
