import { join } from "node:path";
import { prepareBackend } from "../../../local/demo/backend.ts";
import { checkout } from "../../../system/folders.ts";
import { virtualEnvironment } from "../../../system/python.ts";

const style = [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]];

/** What each folder with Python code is checked by: programs that its `requirements-dev.txt` brings. */
export const pythonChecks = {
  "examples/backend-flask": [...style, ["pytest", "--quiet"]],
  "examples/third-party/python": [...style, ["shellcheck", "../curl/orders.sh"]],
};

/** A folder's environment to develop in. @returns the folder with its programs */
export function developmentEnvironment(folder: string): Promise<string> {
  const files = ["requirements.txt", "requirements-dev.txt"];
  const paths = files.map((file) => join(checkout, folder, file));
  return virtualEnvironment(paths, process.env);
}

/** Makes the environments that the tests use, before their clocks run. */
export async function preparePython(variables: NodeJS.ProcessEnv): Promise<void> {
  await prepareBackend(variables);
  for (const folder of Object.keys(pythonChecks)) await developmentEnvironment(folder);
}
