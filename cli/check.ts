import { checkFiles, type ValidFile } from "../operations/check.ts";
import { plural } from "../text/plural.ts";
import { warningList } from "../text/problem-list.ts";
import { visible } from "../text/visible.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run check",
    description: "Validates customers.yaml and every environment. Nothing is deployed.",
    example: "",
  }).action(async () => {
    const { valid, errors } = await checkFiles(variables);
    for (const file of valid) printValid(file);
    for (const error of errors) console.error(error.message);
    process.exitCode = Math.max(0, ...errors.map(({ exitStatus }) => exitStatus));
  }),
);

/** Prints that a file is valid, and the warnings about it on standard error. */
function printValid(valid: ValidFile): void {
  if (valid.kind === "environment") {
    const { name, baseUrl, state } = valid;
    const file = visible(`environments/${name}.yaml`);
    console.log(`${file} is valid: Keycloak at ${baseUrl}, state in ${state}`);
    return;
  }
  const { customers, warnings } = valid;
  const file = visible(valid.file);
  const suspended = customers.filter(({ enabled }) => !enabled).length;
  const note = suspended > 0 ? ` (${suspended} suspended)` : "";
  console.log(`${file} is valid: ${plural(customers.length, "customer")}${note}`);
  if (warnings.length > 0) console.error(warningList(file, warnings));
}
