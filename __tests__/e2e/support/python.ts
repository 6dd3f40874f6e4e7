import { join } from "node:path";
import { prepareBackend } from "../../../local/demo/backend.ts";
import { checkout } from "../../../local/folders.ts";
import { virtualEnvironment } from "../../../local/python.ts";

/** Folders with Python code, each with `requirements.txt` and `requirements-dev.txt`: its tests, ruff and mypy. */
export const pythonFolders = ["examples/backend-flask"];

/** A folder's environment to develop in. @returns the folder with its programs */
export function developmentEnvironment(folder: string): Promise<string> {
  const files = ["requirements.txt", "requirements-dev.txt"];
  return virtualEnvironment(...files.map((file) => join(checkout, folder, file)));
}

/** Makes the environments that the tests use, before their clocks run. */
export async function preparePython(): Promise<void> {
  await prepareBackend();
  for (const folder of pythonFolders) await developmentEnvironment(folder);
}
