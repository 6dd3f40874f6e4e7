import { afterEach, expect, test } from "@jest/globals";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type EmbeddedProvider, startEmbeddedProvider } from "../src/server.ts";
import { socketOf } from "./support/protocol-client.ts";

const started: EmbeddedProvider[] = [];
afterEach(() => Promise.all(started.splice(0).map((provider) => provider.stop())));

async function startProvider(): Promise<EmbeddedProvider> {
  const provider = await startEmbeddedProvider({});
  started.push(provider);
  return provider;
}

test("listens on a socket in a folder that only the current user can open", async () => {
  const provider = await startProvider();
  const { mode } = statSync(dirname(socketOf(provider)));
  expect(mode & 0o777).toBe(0o700);
});

test("removes its socket when it stops", async () => {
  const provider = await startProvider();
  const socket = socketOf(provider);
  expect(existsSync(socket)).toBe(true);
  await provider.stop();
  expect(existsSync(dirname(socket))).toBe(false);
});

test("is the provider of Terraform's registry and of OpenTofu's, on the same socket", async () => {
  const { reattach } = await startProvider();
  const providers = JSON.parse(reattach) as Record<string, unknown>;
  const { "registry.terraform.io/keycloak/keycloak": terraform, ...others } = providers;
  expect(terraform).toMatchObject({ Protocol: "grpc" });
  expect(others).toEqual({ "registry.opentofu.org/keycloak/keycloak": terraform });
});

test("runs several providers in one process, each on a socket of its own", async () => {
  const providers = await Promise.all([startProvider(), startProvider()]);
  expect(new Set(providers.map(socketOf)).size).toBe(2);
});

test("names a process of its own that terraform may kill, and that ends with the provider", async () => {
  const provider = await startProvider();
  const pid = pidOf(provider);
  expect(pid).not.toBe(process.pid);
  expect(isRunning(pid)).toBe(true);
  await provider.stop();
  while (isRunning(pid)) await sleep(20);
});

test("keeps that process out of its own process group, because Ctrl-C must not end it before terraform", async () => {
  const provider = await startProvider();
  expect(isRunning(-pidOf(provider))).toBe(true);
});

/** The process that terraform takes for the provider's. */
function pidOf({ reattach }: EmbeddedProvider): number {
  const [first = { Pid: 0 }] = Object.values(
    JSON.parse(reattach) as Record<string, { Pid: number }>,
  );
  return first.Pid;
}

/** @param pid a process, or with a minus a process group */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
