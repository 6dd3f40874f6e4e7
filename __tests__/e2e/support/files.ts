import { readdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";

/** The contents of all files below a folder, except those of npm packages and Git. A saved plan is a ZIP file, so it is unpacked. */
export async function filesBelow(folder: string): Promise<string[]> {
  return Promise.all((await pathsBelow(folder)).map(contents));
}

async function contents(file: string): Promise<string> {
  const text = await readFile(file, "latin1").catch((error: unknown) => {
    // of another test, which has removed it in the meantime
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  if (!text.startsWith("PK\u0003\u0004")) return text;
  const unpack =
    "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); [sys.stdout.buffer.write(z.read(n)) for n in z.namelist()]";
  return (await execa("python3", ["-c", unpack, file], { encoding: "latin1" })).stdout;
}

/** The files below a folder that have this name. */
export async function filesNamed(folder: string, name: string): Promise<string[]> {
  return (await pathsBelow(folder)).filter((file) => basename(file) === name);
}

/** The paths of all files below a folder, except those of npm packages and Git. */
export async function pathsBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(^|\/)(node_modules|\.git)\//.test(file));
}
