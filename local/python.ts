import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { execa, ExecaError } from "execa";
import { ExplainedError } from "../text/errors.ts";
import { fullDisk } from "./disk.ts";
import { cacheFolder } from "./folders.ts";
import { lastLines } from "./processes.ts";
import { needProgram } from "./programs.ts";

/**
 * A virtual environment with exactly what requirements files pin, kept in the cache folder: made once for the same contents.
 *
 * @param requirements the files, each with all that those it names by `-r` need beside it in the list
 * @returns the folder with its programs, such as `python` and `gunicorn`
 * @throws ExplainedError (3) if there is no Python 3.11, or a package cannot be had
 * @see https://docs.python.org/3/library/venv.html
 */
export async function virtualEnvironment(...requirements: readonly string[]): Promise<string> {
  await needProgram("python3", process.env);
  const { stdout: version } = await execa("python3", ["--version"]);
  const contents = await Promise.all(requirements.map((file) => readFile(file, "utf8")));
  const hash = createHash("sha256")
    .update([version, ...contents].join("\0"))
    .digest("hex");
  const made = join(cacheFolder(), `python-${hash.slice(0, 12)}`);
  if (!existsSync(made)) await make(made, requirements);
  return join(made, "bin");
}

/** Whole or not at all, also where two make it at once: its programs hold its path, so it is linked and not moved. */
async function make(link: string, requirements: readonly string[]): Promise<void> {
  console.log(
    `Python packages come from PyPI: ${requirements.map((file) => basename(file)).join(", ")} …`,
  );
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(`${link}.`);
  try {
    await run("python3", ["-m", "venv", folder], folder, "install Python's module venv");
    await run(
      join(folder, "bin/python"),
      [
        ...["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"],
        ...requirements.flatMap((file) => ["--requirement", file]),
      ],
      folder,
      "check the network, or set pip's own variables for a mirror or a proxy",
    );
    await symlink(basename(folder), link);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const another = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (!another) throw error;
  }
}

async function run(
  command: string,
  args: readonly string[],
  folder: string,
  otherwise: string,
): Promise<void> {
  try {
    await execa(command, args, { all: true, stdin: "ignore" });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new ExplainedError(
      3,
      `the Python packages cannot be installed; ${otherwise}${await fullDisk(folder)}\n${lastLines(String(error.all))}`,
    );
  }
}
