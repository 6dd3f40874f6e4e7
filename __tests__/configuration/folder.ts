import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";

/** Has the tests of a file run in an empty folder, so that files are named as their users name them. */
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

/** Writes a file, and the folder for it. */
export function write(file: string, text: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The message that something ends with, or its result as JSON. */
export function outcome(run: () => unknown): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
