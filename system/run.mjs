// Runs a TypeScript program of this checkout after checking the installation: node system/run.mjs [<file> [<argument>…]]. Without
// a file it only checks. It is JavaScript, and imports no package before the check, because packages may be missing.
import { pathToFileURL } from "node:url";
import { checkout, installationProblem } from "./installation.mjs";
import { mendVariables } from "./variables.mjs";

const unavailable = 3;
const [file] = process.argv.splice(2, 1);

mendVariables(process.env);
const isForProduction = file?.startsWith("cli/") && file !== "cli/demo.ts";
const problem = installationProblem({ needsDevelopmentPackages: !isForProduction });
if (problem !== undefined) {
  console.error(problem);
  process.exit(unavailable);
}
if (file !== undefined) {
  await import("tsx");
  await import(pathToFileURL(`${checkout}/${file}`).href);
}
