import { expect, test } from "@jest/globals";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
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
