import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";

/** Runs the tests of a file in an empty folder, so that messages contain relative paths. */
export function useEmptyFolder(): void {
  const project = process.cwd();
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "configuration-"));
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(project);
    rmSync(folder, { recursive: true });
  });
}

/** Writes a file, and creates its folder. */
export function write(file: string, text: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The message of the error that a function throws, or else its result as JSON. */
export function outcome(run: () => unknown): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
