import { readdir, readFile } from "node:fs/promises";
import { execa } from "execa";

const interval = 250;

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly kilobytes: number;
}

/** Watches the memory of processes and of everything that they start, several times per second. */
export class PeakMemory {
  readonly #watched: Set<number>;
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  /** @param roots the ids of the processes */
  constructor(roots: readonly number[]) {
    this.#watched = new Set(roots);
    this.#timer = setInterval(() => void this.#sample(), interval);
    void this.#sample();
  }

  /** Ends the watch. @returns the largest sum of resident memory, in megabytes */
  stop(): number {
    clearInterval(this.#timer);
    return Math.round(this.#peak / 1_000);
  }

  async #sample(): Promise<void> {
    const processes = await runningProcesses();
    // one whose parent has ended stays watched; parents have lower ids than their children, nearly always
    for (const { id, parent } of processes) if (this.#watched.has(parent)) this.#watched.add(id);
    const sum = processes
      .filter(({ id }) => this.#watched.has(id))
      .reduce((total, { kilobytes }) => total + kilobytes, 0);
    this.#peak = Math.max(this.#peak, sum);
  }
}

/** All processes, by id. */
async function runningProcesses(): Promise<Process[]> {
  // Linux has ps only if it is installed
  const found = process.platform === "linux" ? await fromProc() : await fromPs();
  return found.sort((one, other) => one.id - other.id);
}

/** @see https://www.kernel.org/doc/html/latest/filesystems/proc.html */
async function fromProc(): Promise<Process[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    ids.map(async (id) => {
      // it may have ended
      const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
      const number = (name: string) =>
        Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
      return { id, parent: number("PPid"), kilobytes: number("VmRSS") };
    }),
  );
}

async function fromPs(): Promise<Process[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=", "-o", "ppid=", "-o", "rss="]);
  return stdout.split("\n").map((line) => {
    const [id = 0, parent = 0, kilobytes = 0] = line.trim().split(/ +/).map(Number);
    return { id, parent, kilobytes };
  });
}
