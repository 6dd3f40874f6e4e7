import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { UnavailableError } from "../../../text/errors.ts";
import {
  endProcessGroup,
  endProcessGroupAtOnce,
  isRunning,
  processGroups,
} from "../../../system/programs/process-groups.ts";

/** A shell script that runs until its process is killed, or until the tests end and with them its standard input. */
const wait = "echo ready; read line";

const children: ChildProcess[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(children.splice(0).map(kill));
});

/** Starts a program in its own process group, and waits until it prints something. */
async function start(command: string, args: readonly string[]) {
  const child = spawn(command, args, { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  children.push(child);
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return { child, group: child.pid ?? 0, printed: chunk.toString() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGKILL");
  await ended;
}

function startShell(script: string, ...args: readonly string[]) {
  return start("/bin/sh", ["-c", script, ...args]);
}

/** A text that is in no other command line. */
function uniqueText(): string {
  return `processes-test-${crypto.randomUUID()}`;
}

describe("the process groups with a matching command line", () => {
  test("include the group of a process until it has ended", async () => {
    const text = uniqueText();
    const find = () => processGroups((commandLine) => commandLine.includes(` ${text} `));
    expect(await find()).toEqual([]);
    const { child, group } = await startShell(wait, text, "last argument");
    expect(await find()).toEqual([group]);
    await kill(child);
    expect(await find()).toEqual([]);
  });

  test("are found by the last argument as well, followed by a space", async () => {
    const text = uniqueText();
    const { group } = await startShell(wait, text);
    expect(await processGroups((commandLine) => commandLine.endsWith(` ${text} `))).toEqual([
      group,
    ]);
  });

  test("list a group with two such processes once, by its first process", async () => {
    const text = uniqueText();
    const { group } = await startShell(`/bin/sh -c '${wait}' ${text}; :`, text);
    expect(await processGroups((commandLine) => commandLine.includes(text))).toEqual([group]);
  });
});

(process.platform === "linux" ? describe : describe.skip)("on Linux, process groups", () => {
  test("are found without any program on PATH, as in a small container image", async () => {
    const text = uniqueText();
    const { group } = await startShell(wait, text);
    jest.replaceProperty(process, "env", { PATH: "" });
    expect(await processGroups((commandLine) => commandLine.includes(text))).toEqual([group]);
  });

  test("are found if a program's name looks like other fields of /proc", async () => {
    const folder = mkdtempSync(join(tmpdir(), "processes-"));
    const program = join(folder, "a) S 1 2 (b");
    writeFileSync(program, `#!/bin/sh\n${wait}\n`, { mode: 0o755 });
    const { group } = await start(program, []);
    rmSync(folder, { recursive: true });
    expect(await processGroups((commandLine) => commandLine.includes(program))).toEqual([group]);
  });
});

(process.platform === "linux" ? describe : describe.skip)("on Linux, a zombie", () => {
  test("does not count as running, although its group exists until somebody reaps it", async () => {
    // the first program gets a group of its own, and sleep does not reap it
    const { printed } = await startShell("setsid sh -c 'echo $$' & exec sleep 30");
    const group = Number(printed);
    await endProcessGroup(group);
    expect(await isRunning(group)).toBe(false);
    expect(process.kill(-group, 0)).toBe(true);
  });
});

describe("ending a process group", () => {
  test("ends all of its processes with SIGTERM, and waits until they have cleaned up", async () => {
    const { child, group } = await startShell(
      `trap 'sleep 0.3; exit 7' TERM; /bin/sh -c '${wait}'; :`,
    );
    expect(await isRunning(group)).toBe(true);
    await endProcessGroup(group);
    expect(await isRunning(group)).toBe(false);
    expect(child.exitCode).toBe(7);
  });

  test("that has nothing to finish ends it although it ignores SIGTERM", async () => {
    const { child, group } = await startShell(`trap '' TERM; ${wait}; ${wait}`);
    await endProcessGroupAtOnce(group);
    expect(await isRunning(group)).toBe(false);
    if (child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
  });

  test("does nothing for a group that has ended", async () => {
    const { child, group } = await startShell("echo ready");
    if (child.exitCode === null) await once(child, "exit");
    await expect(endProcessGroup(group)).resolves.toBeUndefined();
  });

  test("is an error if it is not permitted, and the group goes on", async () => {
    const { group } = await startShell(wait);
    jest.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
    });
    const end = endProcessGroup(group);
    await expect(end).rejects.toThrow(UnavailableError);
    await expect(end).rejects.toThrow(`process group ${group} cannot be ended; end it yourself`);
    jest.restoreAllMocks();
  });

  test("never signals its own group for a process that did not start and has no id", async () => {
    const signal = jest.spyOn(process, "kill").mockImplementation(() => {
      throw new Error("no such process");
    });
    await endProcessGroup(0);
    expect(signal).not.toHaveBeenCalled();
  });
});
