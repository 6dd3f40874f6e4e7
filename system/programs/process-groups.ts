import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, ExecaError } from "execa";
import { UnavailableError } from "../../text/errors.ts";

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

/**
 * Ends a process group: with SIGTERM, and after 20 s with SIGKILL.
 *
 * @throws UnavailableError if it still runs, for example because it belongs to another user
 */
export async function endProcessGroup(group: number): Promise<void> {
  await endWithin(20, group);
}

/** Ends a process group that has nothing to finish: with SIGTERM, and after 1 s with SIGKILL; see {@link endProcessGroup}. */
export async function endProcessGroupAtOnce(group: number): Promise<void> {
  await endWithin(1, group);
}

/** @param patience the seconds between SIGTERM and SIGKILL */
async function endWithin(patience: number, group: number): Promise<void> {
  for (const [signal, seconds] of [
    ["SIGTERM", patience],
    ["SIGKILL", 5],
  ] as const) {
    const failure = send(group, signal);
    if (failure === "ESRCH") return;
    // macOS refuses to signal a group of which only zombies are left
    for (let waited = 0; waited < seconds * 10; waited += 1) {
      if (!(await isRunning(group))) return;
      if (failure !== undefined) break;
      await sleep(100);
    }
  }
  throw new UnavailableError(
    `process group ${group} cannot be ended; end it yourself, for example as its owner, and run this again`,
  );
}

/** @returns the code of the error; undefined if the signal was sent */
function send(group: number, signal: NodeJS.Signals): string | undefined {
  // a process that did not start has no id, and 0 would be the group of this process
  if (group === 0) return "ESRCH";
  try {
    process.kill(-group, signal);
    return undefined;
  } catch (error) {
    return codeOf(error);
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
  const found: Process[] = [];
  // one after the other: there may be more processes than files that a process may open
  for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    try {
      const commandLine = await readFile(`/proc/${id}/cmdline`, "utf8");
      const stat = await readFile(`/proc/${id}/stat`, "utf8");
      // "7 (name) S <parent> <group> …", and the name may contain anything
      const [state = "", , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (!"ZX".includes(state))
        found.push({ group: Number(group), commandLine: commandLine.replaceAll("\0", " ") });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return found;
}

/** Whether a process cannot be read because it has ended, or because it belongs to another user and is hidden. */
function isGone(error: unknown): boolean {
  return ["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
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
