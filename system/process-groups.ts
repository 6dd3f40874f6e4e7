import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, ExecaError } from "execa";
import { UnavailableError } from "../text/errors.ts";

/**
 * The process groups that have a running process with a matching command line.
 *
 * @param matches checks a command line: the program and its arguments, separated by spaces
 * @throws UnavailableError if processes cannot be listed here
 */
export async function processGroups(matches: (commandLine: string) => boolean): Promise<number[]> {
  const all = await runningProcesses();
  const groups = all.filter(({ commandLine }) => matches(commandLine)).map(({ group }) => group);
  return [...new Set(groups)];
}

/** Whether a process group has a process that runs. */
export async function isRunning(group: number): Promise<boolean> {
  return (await runningProcesses()).some((each) => each.group === group);
}

/** Ends a process group: with SIGTERM, and after 20 s with SIGKILL. */
export async function endProcessGroup(group: number): Promise<void> {
  for (const [signal, seconds] of [
    ["SIGTERM", 20],
    ["SIGKILL", 5],
  ] as const) {
    if (!send(group, signal)) return;
    for (let waited = 0; waited < seconds * 10; waited += 1) {
      if (!(await isRunning(group))) return;
      await sleep(100);
    }
  }
}

/** @returns whether the group exists */
function send(group: number, signal: NodeJS.Signals): boolean {
  try {
    return group > 0 && process.kill(-group, signal);
  } catch {
    return false;
  }
}

interface Process {
  readonly group: number;
  readonly commandLine: string;
}

/** All processes except zombies, which have ended and only wait for their parent: in many containers, no program is that parent. */
function runningProcesses(): Promise<Process[]> {
  // Linux has ps only if it is installed, and it is in few container images
  return process.platform === "linux" ? fromProc() : fromPs();
}

/** @see https://www.kernel.org/doc/html/latest/filesystems/proc.html */
async function fromProc(): Promise<Process[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const commandLine = await readFile(`/proc/${id}/cmdline`, "utf8");
    const stat = await readFile(`/proc/${id}/stat`, "utf8");
    // "7 (name) S <parent> <group> …", and the name may contain anything
    const [state = "", , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if ("ZX".includes(state)) return [];
    return [{ group: Number(group), commandLine: commandLine.replaceAll("\0", " ") }];
  });
  // a process may end while it is read
  return (await Promise.all(found.map((each) => each.catch(() => [])))).flat();
}

async function fromPs(): Promise<Process[]> {
  const columns = ["stat=", "pgid=", "args="].flatMap((column) => ["-o", column]);
  try {
    const { stdout } = await execa("ps", ["-Aww", ...columns]);
    return stdout.split("\n").flatMap((line) => {
      const [, state = "", group, commandLine] = /^ *(\S+) +(\d+) (.*)$/.exec(line) ?? [];
      return state === "" || state.startsWith("Z")
        ? []
        : [{ group: Number(group), commandLine: `${commandLine} ` }];
    });
  } catch (error) {
    const why = error instanceof ExecaError ? error.shortMessage : String(error);
    throw new UnavailableError(`ps, which lists processes, does not run: ${why}`);
  }
}
