import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { processGroups } from "../../../system/process-groups.ts";
import { Clone } from "../support/clone.ts";
import { filesNamed } from "../support/files.ts";
import { folderWith } from "../support/programs.ts";
import { until } from "../support/until.ts";

describe("the Keycloak of npm start", () => {
  let clone: Clone;

  beforeAll(async () => {
    clone = await Clone.create("embedded", { KEYCLOAK_URL: "" });
  });
  afterAll(() => clone.remove());

  const keycloaks = () =>
    processGroups((line) => line.includes(`start-dev -Datlas-realm.folder=${clone.stateFolder}`));

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
      "another npm start, npm stop or npm run reset works in this checkout",
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

  test.each(["logins.json", "terraform.tfstate"])(
    "keeps running if %s is damaged, which is reported with the way out",
    async (name) => {
      const { file, restore } = await damage(name, "{");
      const { exitCode, output } = await clone.npm("start");
      expect(output).toContain(`${file} is damaged; restore it`);
      expect(output).toContain("npm run reset");
      expect(exitCode).toBe(3);
      expect(await readFile(file, "utf8")).toBe("{");
      expect(await keycloaks()).toHaveLength(1);
      await restore();
    },
  );

  test("is stopped by npm stop even if the file that describes it is damaged", async () => {
    const { file } = await damage("keycloak.json", "{");
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain(
      `${file} is damaged; npm stop deletes it and keeps Keycloak's data, npm run reset deletes both`,
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
