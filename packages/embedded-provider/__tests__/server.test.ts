import { afterEach, describe, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedProvider } from "../src/server.ts";
import { socketOf } from "./support/protocol-client.ts";

test("listens on a socket in a folder that only the current user can open", async () => {
  const provider = await startEmbeddedProvider({});
  const { mode } = statSync(dirname(socketOf(provider)));
  await provider.stop();
  expect(mode & 0o777).toBe(0o700);
});

test("removes its socket when it stops", async () => {
  const provider = await startEmbeddedProvider({});
  const socket = socketOf(provider);
  expect(existsSync(socket)).toBe(true);
  await provider.stop();
  expect(existsSync(dirname(socket))).toBe(false);
});

test("runs several providers in one process, each on a socket of its own", async () => {
  const providers = await Promise.all([startEmbeddedProvider({}), startEmbeddedProvider({})]);
  await Promise.all(providers.map((provider) => provider.stop()));
  expect(new Set(providers.map(socketOf)).size).toBe(2);
});

test("names a process of its own that terraform may kill, and that ends with the provider", async () => {
  const provider = await startEmbeddedProvider({});
  const [{ Pid: pid } = { Pid: 0 }] = Object.values(
    JSON.parse(provider.reattach) as Record<string, { Pid: number }>,
  );
  expect(pid).not.toBe(process.pid);
  expect(isRunning(pid)).toBe(true);
  await provider.stop();
  while (isRunning(pid)) await sleep(20);
});

describe("in a temporary folder with a long path", () => {
  const { TMPDIR } = process.env;
  afterEach(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });

  test("listens on a socket in /tmp, because the path of a socket is limited", async () => {
    process.env.TMPDIR = mkdtempSync(join(tmpdir(), "t".repeat(80)));
    const provider = await startEmbeddedProvider({});
    expect(dirname(dirname(socketOf(provider)))).toBe("/tmp");
    await provider.stop();
    rmSync(process.env.TMPDIR, { recursive: true });
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
