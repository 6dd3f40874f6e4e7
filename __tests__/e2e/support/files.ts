import { readdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";

/** The contents of all files below a folder, except those of npm packages and Git. */
export async function filesBelow(folder: string): Promise<string[]> {
  return Promise.all((await pathsBelow(folder)).map((file) => readFile(file, "latin1")));
}

/** The files below a folder that have this name. */
export async function filesNamed(folder: string, name: string): Promise<string[]> {
  return (await pathsBelow(folder)).filter((file) => basename(file) === name);
}

async function pathsBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(^|\/)(node_modules|\.git)\//.test(file));
}
