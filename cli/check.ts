import { Option } from "@commander-js/extra-typings";
import { type Checked, checkFiles, type ValidFile } from "../operations/check.ts";
import { checkFindings } from "../operations/check-findings.ts";
import { todayFrom } from "../configuration/customers/today.ts";
import { loadEnvironment } from "../configuration/environment.ts";
import { expiringCustomers } from "../operations/expiring.ts";
import { placed } from "../configuration/yaml/problems.ts";
import { codeQualityReport } from "../text/findings/code-quality.ts";
import { githubAnnotations } from "../text/findings/github-annotations.ts";
import { plural } from "../text/plural.ts";
import { warningList } from "../text/findings/problem-list.ts";
import { visible } from "../text/visible.ts";
import { newCommand, runCommand } from "./shared/command.ts";

const format = new Option(
  "--format <format>",
  "what standard output contains: text, annotations for GitHub, or a Code Quality report for GitLab",
)
  .choices(["text", "github", "gitlab"] as const)
  .default("text" as const);

const expiring = new Option(
  "--expiring",
  "print the customers of REALM_ENV whose access ends within 30 days, or ended in the last 30, as Markdown, and nothing if there are none",
).conflicts("format");

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run check",
    description: "Validates customers.yaml and every environment. Nothing is deployed.",
    example: "--format github",
  })
    .addOption(format)
    .addOption(expiring)
    .action(async (options) => {
      const checked = await checkFiles(variables);
      // in another format, the text for people goes to standard error
      const isText = options.format === "text" && !options.expiring;
      printText(checked, isText ? console.log : console.error);
      if (options.expiring && checked.errors.length === 0)
        process.stdout.write(expiringText(checked, variables));
      if (options.format !== "text") {
        const { findings, fallbackFile } = await checkFindings(checked);
        const isGithub = options.format === "github";
        process.stdout.write(
          isGithub ? githubAnnotations(findings) : codeQualityReport(findings, fallbackFile),
        );
      }
      process.exitCode = Math.max(0, ...checked.errors.map(({ exitStatus }) => exitStatus));
    }),
);

/** The customers of the chosen environment whose access ends soon, as Markdown. */
function expiringText({ valid }: Checked, variables: NodeJS.ProcessEnv): string {
  const chosen = loadEnvironment(variables).customers;
  const lastDays = valid.flatMap((each) =>
    each.kind === "customers" && each.file === chosen ? [...each.lastDays] : [],
  );
  const found = expiringCustomers(new Map(lastDays), todayFrom(variables));
  if (found.length === 0) return "";
  const rows = found.map(({ id, expires, end, hasEnded }) => {
    const state = hasEnded
      ? "**ended**: the first deploy after that suspends the customer"
      : "ends";
    return `| \`${id}\` | ${expires} | ${end} | ${state} |\n`;
  });
  const note = [
    "Until that deploy, a customer keeps its access.",
    "It is listed for 30 days after the end, or until its entry is removed or has `enabled: false`.",
  ].join(" ");
  return [
    "| customer | last day | end of access | state |\n| --- | --- | --- | --- |\n",
    ...rows,
    "\nTo extend an access, change `expires` of its entry.\n",
    ...(found.some(({ hasEnded }) => hasEnded) ? [`\n${note}\n`] : []),
  ].join("");
}

/** Prints what is valid, and problems and warnings on standard error. */
function printText({ valid, errors }: Checked, print: (line: string) => void): void {
  for (const file of valid) printValid(file, print);
  for (const error of errors) console.error(error.message);
}

/** Prints that a file is valid, and the warnings about it on standard error. */
function printValid(valid: ValidFile, print: (line: string) => void): void {
  const { warnings } = valid;
  const file = visible(valid.file);
  print(`${file} is valid: ${contentText(valid)}`);
  if (warnings.length > 0) console.error(warningList(file, placed(valid.file, warnings)));
}

function contentText(valid: ValidFile): string {
  if (valid.kind === "environment") return `Keycloak at ${valid.baseUrl}, state in ${valid.state}`;
  const { customers } = valid;
  const suspended = customers.filter(({ enabled }) => !enabled).length;
  const note = suspended > 0 ? ` (${suspended} suspended)` : "";
  return `${plural(customers.length, "customer")}${note}`;
}
