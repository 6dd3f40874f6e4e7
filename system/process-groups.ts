import { readdir, readFile } from "node:fs/promises";
import { execa, ExecaError } from "execa";
import { UnavailableError } from "../text/errors.ts";

/**
 * The process groups that have a process with a matching command line.
 *
 * @param matches checks a command line: the program and its arguments, separated by spaces
 * @throws UnavailableError if processes cannot be listed here
 */
export async function processGroups(matches: (commandLine: string) => boolean): Promise<number[]> {
  // Linux has ps only if it is installed, and it is in few container images
  const all = await (process.platform === "linux" ? fromProc() : fromPs());
  const groups = all.filter(({ commandLine }) => matches(commandLine)).map(({ group }) => group);
  return [...new Set(groups)];
}

interface Process {
  readonly group: number;
  readonly commandLine: string;
}

/** @see https://www.kernel.org/doc/html/latest/filesystems/proc.html */
async function fromProc(): Promise<Process[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const commandLine = await readFile(`/proc/${id}/cmdline`, "utf8");
    const stat = await readFile(`/proc/${id}/stat`, "utf8");
    // "7 (name) S <parent> <group> …", and the name may contain anything
    const [, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [{ group: Number(group), commandLine: commandLine.replaceAll("\0", " ") }];
  });
  // a process may end while it is read
  return (await Promise.all(found.map((each) => each.catch(() => [])))).flat();
}

async function fromPs(): Promise<Process[]> {
  try {
    const { stdout } = await execa("ps", ["-Aww", "-o", "pgid=,args="]);
    return stdout.split("\n").map((line) => ({
      group: Number.parseInt(line, 10),
      commandLine: `${line.replace(/^ *\d+ /, "")} `,
    }));
  } catch (error) {
    const why = error instanceof ExecaError ? error.shortMessage : String(error);
    throw new UnavailableError(`ps, which lists processes, does not run: ${why}`);
  }
}
