import { mkdir, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { terraformCommand, terraformName } from "../../../operations/terraform/program.ts";

/** The command of Terraform or OpenTofu that these tests run, and its name in messages. */
export const terraformProgram = terraformCommand(process.env);
export const programName = terraformName(process.env);

/** Creates a folder for PATH that has npm and these programs, and no others. @returns the folder */
export async function folderWith(folder: string, ...programs: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const program of ["node", "npm", "sh", ...programs]) {
    const { stdout } = await execa("which", [program]);
    await symlink(stdout, join(folder, basename(program)));
  }
  return folder;
}

/** Writes a program that runs some shell commands instead of its work. */
export async function writeStub(file: string, commands: string): Promise<void> {
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
}
