import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "@jest/globals";

/** Programs that the runners of GitHub and GitLab have, and a developer's machine may lack. */
const programs = ["bash", "jq", "unzip"];

const missing = programs.filter((program) => {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return !folders.some((folder) => isExecutable(join(folder, program)));
});

if (missing.length > 0)
  process.stderr.write(
    `NOT RUN: the scripts of the pipelines, because this machine lacks ${missing.join(", ")}\n`,
  );

/** Describes tests that run scripts of the pipelines. They are skipped on a machine without the programs. */
export const describeScripts = missing.length > 0 ? describe.skip : describe;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
