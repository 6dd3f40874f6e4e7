import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepareBackend } from "../../../local/demo/backend.ts";
import { hasExamples } from "../../../local/demo/settings.ts";
import { checkout } from "../../../system/folders.ts";
import { virtualEnvironment } from "../../../system/programs/python.ts";
import { auditEnvironment } from "../operations/realm/audit/kcwarden.ts";
import { objectStoreEnvironment } from "./servers/object-store/object-store.ts";

const style = [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]];

/** The checks of each folder with programs from Python packages. Its `requirements-dev.txt` pins their programs. */
export const pythonChecks = {
  "examples/backend-flask": [...style, ["pytest", "--quiet"]],
  "examples/third-party/curl": [["shellcheck", "--external-sources", "orders.sh", "test.sh"]],
  "examples/third-party/python": [...style, ["pytest", "--quiet"]],
};

/** Creates the virtual environment for the checks of a folder. @returns the folder with its programs */
export function developmentEnvironment(folder: string): Promise<string> {
  const files = ["requirements.txt", "requirements-dev.txt"];
  const paths = files.map((file) => join(checkout, folder, file));
  return virtualEnvironment(paths.filter(existsSync), process.env);
}

/** Creates the environments that the tests use, so that no test's time limit includes the installation. */
export async function preparePython(variables: NodeJS.ProcessEnv): Promise<void> {
  await auditEnvironment();
  await objectStoreEnvironment();
  if (!hasExamples) return;
  await prepareBackend(variables);
  for (const folder of Object.keys(pythonChecks)) await developmentEnvironment(folder);
}
