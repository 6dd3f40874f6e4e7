import { once } from "node:events";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { processGroups } from "../../../system/programs/process-groups.ts";
import { Clone } from "../support/projects/clone.ts";
import { filesNamed } from "../support/files.ts";
import { entry } from "../support/projects/gated-project.ts";
import { folderWith } from "../support/programs.ts";
import { until } from "../support/until.ts";

describe("the Keycloak of npm start", () => {
  let clone: Clone;

  beforeAll(async () => {
    clone = await Clone.create("embedded", { KEYCLOAK_URL: "" });
  });
  afterAll(() => clone.remove());

  const keycloaks = () =>
    processGroups((line) => line.includes(`-Dkeycloak-access.folder=${clone.stateFolder}`));

  /** Damages a file of the state folder. @returns its path, and a function that restores it */
  const damage = async (name: string, content: string) => {
    const [file = ""] = await filesNamed(clone.stateFolder, name);
    const before = await readFile(file);
    await writeFile(file, content);
    return { file, restore: () => writeFile(file, before) };
  };

  test("is found by npm stop if npm start was killed while it boots, even without ps", async () => {
    const start = await clone.spawn("start", /starting Keycloak on port/);
    await until("Keycloak boots", async () => (await keycloaks()).length === 1);
    start.kill();
    const PATH = await folderWith(join(clone.stateFolder, "without-ps"));
    const { exitCode, output } = await clone.npm("stop", [], { PATH });
    expect(output).toContain("Keycloak is stopped");
    expect(exitCode).toBe(0);
    expect(await keycloaks()).toEqual([]);
  });

  test("is started by one of two commands, on the next port if another server takes its port first", async () => {
    const start = await clone.spawn("start", /starting Keycloak on port \d+/);
    const [, port = ""] = /on port (\d+)/.exec(start.printed()) ?? [];
    // it answers all requests, so the start must not take its answers for Keycloak's
    const other = createServer((_, response) => response.end("{}")).listen(Number(port));
    await once(other, "listening");
    const second = await clone.npm("start");
    expect(second.output).toContain(
      "another npm start, demo, stop or reset is running in this checkout",
    );
    expect(second.output).not.toContain("starting Keycloak");

    const { exitCode, output } = await start.ended();
    other.close();
    expect(output).toMatch(/Keycloak runs: http:\/\/localhost:\d+\n/);
    expect(output).not.toContain(`Keycloak runs: http://localhost:${port}\n`);
    expect(output).toMatch(/acme .*token verified/);
    expect(exitCode).toBe(0);
    expect(await keycloaks()).toHaveLength(1);
  });

  test.each([
    ["logins.json", "{"],
    ["terraform.tfstate", '{ "version": 4 }'],
  ])(
    "keeps running if %s is damaged, which is reported with the way out",
    async (name, content) => {
      const { file, restore } = await damage(name, content);
      const { exitCode, output } = await clone.npm("start");
      expect(output).toContain(`${file} is damaged; restore the file`);
      expect(output).toContain("npm run reset");
      expect(exitCode).toBe(3);
      expect(await readFile(file, "utf8")).toBe(content);
      expect(await keycloaks()).toHaveLength(1);
      await restore();
    },
  );

  test("keeps running if terraform's state is empty, which a killed terraform leaves and which counts as none", async () => {
    const { restore } = await damage("terraform.tfstate", "");
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain("are in Keycloak but not in the state");
    expect(exitCode).toBe(1);
    await restore();
  });

  test("keeps running if its logins are lost, which is reported with the way out", async () => {
    const [file = ""] = await filesNamed(clone.stateFolder, "logins.json");
    await rename(file, `${file}.aside`);
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain(`${file} is missing; restore the file, or run npm run reset`);
    expect(exitCode).toBe(3);
    expect(await keycloaks()).toHaveLength(1);
    await rename(`${file}.aside`, file);
  });

  test("keeps running if it refuses its administrator, whose login is reported with the way out", async () => {
    const [path = ""] = await filesNamed(clone.stateFolder, "logins.json");
    const logins = JSON.parse(await readFile(path, "utf8")) as { administrator: object };
    const administrator = { ...logins.administrator, password: "not-the-password" };
    const { file, restore } = await damage(
      "logins.json",
      JSON.stringify({ ...logins, administrator }),
    );
    const { exitCode, output } = await clone.npm("start", ["--as-administrator"]);
    expect(output).toContain('refuses the user "admin" of the realm "master"');
    expect(output).toContain(
      `the password in ${file} is wrong: restore the file, or run npm run reset`,
    );
    expect(exitCode).toBe(3);
    expect(await keycloaks()).toHaveLength(1);
    await restore();
  });

  test("keeps running if it cannot move, because another program uses KEYCLOAK_PORT", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const before = await keycloaks();
    const KEYCLOAK_PORT = String((other.address() as AddressInfo).port);
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_PORT });
    other.close();
    expect(output).toContain(`port ${KEYCLOAK_PORT} is used by `);
    expect(exitCode).toBe(3);
    expect(await keycloaks()).toEqual(before);
  });

  test("keeps running after Ctrl-C while terraform applies, and the next start completes the rest", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `customer-${index}`);
    await clone.edit("customers.yaml", (text) => text + ids.map((id) => entry(id)).join(""));
    const start = await clone.spawn("start", /create keycloak_openid_client\.customers_/);
    start.interrupt();
    const { exitCode, output } = await start.ended();
    expect(output).toMatch(/interrupted\n?$/);
    expect(exitCode).toBe(130);
    const next = await clone.npm("start");
    expect(next.output).toContain("Keycloak still runs");
    expect(next.output).toMatch(/ apply: \d+ to add, 0 to change, 0 to destroy/);
    expect(next.output.match(/^ +customer-\d+ .*token verified/gm)).toHaveLength(ids.length);
    expect(next.exitCode).toBe(0);
  });

  test("is stopped by npm stop even if the file that describes it is damaged", async () => {
    const { file } = await damage("keycloak.json", "{");
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain(
      `${file} is damaged; run npm stop, which deletes only this file, or npm run reset`,
    );
    expect(exitCode).toBe(3);
    expect((await clone.npm("stop")).output).toContain("Keycloak is stopped");
    expect(await keycloaks()).toEqual([]);
  });

  test("does not start with a damaged database, which is reported with the way out", async () => {
    const { file } = await damage("keycloak.mv.db", "damaged".repeat(10_000));
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain(
      `its database, ${file}, is damaged: restore it, or start again without its data (npm run reset)`,
    );
    expect(exitCode).toBe(3);
    expect(await keycloaks()).toEqual([]);
  });
});
