import { checkFiles, type ValidFile } from "../operations/check.ts";
import { plural } from "../text/plural.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run check",
    description: "Validates customers.yaml and every environment. Nothing is deployed.",
    example: "",
  }).action(async () => {
    const { valid, errors } = await checkFiles(variables);
    for (const file of valid) console.log(validText(file));
    for (const error of errors) console.error(error.message);
    process.exitCode = Math.max(0, ...errors.map(({ exitStatus }) => exitStatus));
  }),
);

function validText(valid: ValidFile): string {
  if (valid.kind === "environment") {
    const { name, baseUrl, state } = valid;
    return `environments/${name}.yaml is valid: Keycloak at ${baseUrl}, state in ${state}`;
  }
  const { file, customers } = valid;
  const suspended = customers.filter(({ enabled }) => !enabled).length;
  const note = suspended > 0 ? ` (${suspended} suspended)` : "";
  return `${file} is valid: ${plural(customers.length, "customer")}${note}`;
}
