// Runs a TypeScript program of this checkout after checking the installation: node system/run.mjs [<file> [<argument>…]]. Without
// a file it only checks. It is JavaScript, and imports no package before the check, because packages may be missing.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { checkout, installationProblem } from "./installation.mjs";
import { mendVariables } from "./variables.mjs";

const [invalid, unavailable] = [1, 3];
const [file] = process.argv.splice(2, 1);

mendVariables(process.env);
// a check alone is for the tools: lint, the type check and Jest
const needsDevelopmentPackages =
  file === undefined || file === "cli/demo.ts" || /^(__tests__|bench)\//.test(file);
// a team may delete bench/
const isHere = file === undefined || existsSync(resolve(checkout, file));
const problem = isHere
  ? installationProblem({ needsDevelopmentPackages })
  : `${file} is not in this checkout; restore it from Git, then run npm ci`;
if (problem !== undefined) {
  console.error(problem);
  process.exit(unavailable);
}
if (file !== undefined) {
  const { importTypeScript } = await import("./import-typescript.mjs");
  const mistakes = await importTypeScript(resolve(checkout, file));
  if (mistakes !== undefined) {
    console.error(mistakes);
    process.exit(invalid);
  }
}
