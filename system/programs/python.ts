import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa, ExecaError } from "execa";
import { UnavailableError } from "../../text/errors.ts";
import { fullDisk } from "../disk.ts";
import { cacheFolder } from "../folders.ts";
import { withLock } from "../lock.ts";
import { lastLines } from "./readiness.ts";
import { needProgram } from "./programs.ts";

/**
 * Virtual environment with exactly the packages that requirements files pin. It is kept in the cache folder and created once for
 * the same contents.
 *
 * @param requirements the files; a file that another one includes with `-r` must be in the list too
 * @param interrupted ends an installation
 * @returns the folder with its programs, such as `python`
 * @throws UnavailableError without Python 3.11 or later, or if a package cannot be installed
 * @see https://docs.python.org/3/library/venv.html
 */
export async function virtualEnvironment(
  requirements: readonly string[],
  variables: NodeJS.ProcessEnv,
  interrupted?: AbortSignal,
): Promise<string> {
  await needProgram("python3", variables);
  const { stdout: version } = await execa("python3", ["--version"], {
    env: variables,
    extendEnv: false,
  });
  const contents = await Promise.all(requirements.map((file) => readFile(file, "utf8")));
  const hash = createHash("sha256")
    .update([version, ...contents].join("\0"))
    .digest("hex");
  const link = join(cacheFolder, `python-${hash.slice(0, 12)}`);
  // the link may lead nowhere, or the Python that the environment refers to may be gone
  const isComplete = () => existsSync(join(link, "bin/python"));
  if (!isComplete()) {
    const options = {
      waiting: "waiting for another installation of Python packages …",
      busy: "another command is still installing Python packages; try again when it is done",
      ...{ seconds: 600, interrupted },
    };
    await withLock(`${link}.lock`, options, async () => {
      if (!isComplete()) await create(link, requirements, variables, interrupted);
    });
  }
  return join(link, "bin");
}

/**
 * Creates the environment completely or not at all. Its programs contain its path, so the finished folder gets a link instead of a
 * new name.
 */
async function create(
  link: string,
  requirements: readonly string[],
  variables: NodeJS.ProcessEnv,
  interrupted: AbortSignal | undefined,
): Promise<void> {
  const files = requirements.map((file) => basename(file)).join(", ");
  console.log(`installing Python packages from PyPI: ${files} …`);
  await removeUnfinished(link);
  const folder = await mkdtemp(`${link}.`);
  const pip = [
    ...["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"],
    ...requirements.flatMap((file) => ["--requirement", file]),
  ];
  const run = async (command: string, args: readonly string[]) => {
    interrupted?.throwIfAborted();
    await execa(command, args, {
      ...{ env: variables, extendEnv: false, all: true, stdin: "ignore" },
      ...(interrupted && { cancelSignal: interrupted }),
    });
  };
  try {
    await run("python3", ["-m", "venv", folder]).catch(async (error: unknown) => {
      interrupted?.throwIfAborted();
      throw await failure(error, folder, "install Python's module venv");
    });
    await run(join(folder, "bin/python"), pip).catch(async (error: unknown) => {
      interrupted?.throwIfAborted();
      const advice = "check the network, or set pip's own variables for a mirror or a proxy";
      throw await failure(error, folder, advice);
    });
    await symlink(basename(folder), link);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Removes what killed installations and damaged environments left. */
async function removeUnfinished(link: string): Promise<void> {
  await rm(link, { force: true });
  const names = await readdir(dirname(link));
  const unfinished = names.filter((name) => name.startsWith(`${basename(link)}.`));
  for (const name of unfinished.filter((each) => !each.endsWith(".lock")))
    await rm(join(dirname(link), name), { recursive: true });
}

async function failure(error: unknown, folder: string, advice: string): Promise<unknown> {
  if (!(error instanceof ExecaError)) return error;
  return new UnavailableError(
    `cannot install the Python packages; ${advice}${await fullDisk(folder)}\n${lastLines(String(error.all))}`,
  );
}
