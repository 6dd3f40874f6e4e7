import { createServer } from "node:net";
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { Clone } from "../support/projects/clone.ts";
import { until } from "../support/until.ts";
import { folderWith, terraformProgram, writeStub } from "../support/programs.ts";
import { endToEnd } from "../support/end-to-end.ts";

const notRun = Clone.whyNotReadOnly();
if (notRun !== undefined) console.warn(`NOT RUN: npm start without permission to write: ${notRun}`);

describe("npm start, if something is missing,", () => {
  let clone: Clone;

  beforeAll(async () => {
    clone = await Clone.create("embedded", { KEYCLOAK_URL: "" });
  });
  afterAll(() => clone.remove());

  const pathWith = async (name: string, ...programs: string[]) => ({
    PATH: await folderWith(join(clone.stateFolder, name), ...programs),
  });

  test("names Terraform and OpenTofu to install", async () => {
    const { exitCode, output } = await clone.npm("start", [], {
      ...(await pathWith("no-terraform")),
      TERRAFORM_BINARY_NAME: "",
    });
    expect(output).toContain(
      "neither terraform nor tofu is on PATH; install Terraform 1.11 or later",
    );
    expect(exitCode).toBe(3);
  });

  test("names the JDK to install", async () => {
    const variables = { ...(await pathWith("no-java", terraformProgram)), JAVA_HOME: "" };
    const { exitCode, output } = await clone.npm("start", [], variables);
    expect(output).toContain("java is not on PATH; install a JDK 17 or later");
    expect(exitCode).toBe(3);
  });

  test("asks for Maven or KEYCLOAK_HOME", async () => {
    const { exitCode, output } = await clone.npm("start", [], {
      ...(await pathWith("no-mvn", terraformProgram, "java")),
      ...{ XDG_CACHE_HOME: join(clone.stateFolder, "cache"), KEYCLOAK_HOME: "" },
    });
    expect(output).toContain("mvn, which downloads Keycloak, is not on PATH");
    expect(output).toContain("KEYCLOAK_HOME");
    expect(exitCode).toBe(3);
  });

  test("refuses a Terraform that is too old", async () => {
    const variables = { ...(await pathWith("old-terraform")), TERRAFORM_BINARY_NAME: "" };
    await writeStub(join(variables.PATH, "terraform"), "echo Terraform v1.5.7");
    const { exitCode, output } = await clone.npm("start", [], variables);
    expect(output).toContain("terraform 1.5 is too old; 1.11 or later is needed");
    expect(exitCode).toBe(3);
  });

  test("names JAVA_HOME if there is no Java in it", async () => {
    const { exitCode, output } = await clone.npm("start", [], { JAVA_HOME: "/nonsense" });
    expect(output).toContain("java in JAVA_HOME (/nonsense) does not exist; install a JDK 17");
    expect(exitCode).toBe(3);
  });

  test("ends the download of Keycloak at Ctrl-C, and does not try again", async () => {
    const bin = join(clone.stateFolder, "slow-mvn");
    await writeStub(join(bin, "mvn"), `echo called >>'${bin}/calls'\nsleep 60`);
    const run = await clone.spawn("start", /downloading from Maven Central: Keycloak/, {
      PATH: `${bin}:${process.env.PATH ?? ""}`,
      ...{ XDG_CACHE_HOME: join(clone.stateFolder, "empty-cache"), KEYCLOAK_HOME: "" },
    });
    await until("mvn runs", () => existsSync(join(bin, "calls")));
    run.interrupt();
    const { exitCode, output } = await run.ended();
    expect(output).toMatch(/interrupted\n?$/);
    expect(output).not.toContain("trying again");
    expect(exitCode).toBe(130);
    expect(await readFile(join(bin, "calls"), "utf8")).toBe("called\n");
  });

  (notRun === undefined ? describe : describe.skip)("such as the permission to write,", () => {
    test("names the folder before it starts Keycloak", async () => {
      const XDG_STATE_HOME = join(clone.folder, "state");
      const { exitCode, output } = await clone.npmReadOnly("start", [], { XDG_STATE_HOME });
      expect(output).toMatch(/clone\/state.*: permission denied \(EACCES\)/);
      expect(output).not.toContain("starting Keycloak");
      expect(exitCode).toBe(3);
    });
  });

  test("names the process that uses KEYCLOAK_PORT", async () => {
    const server = createServer().listen(0);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? String(address.port) : "";
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_PORT: port });
    server.close();
    // without lsof, the process is unknown
    const { failed } = await execa("which", ["lsof"], { reject: false });
    const user = failed ? "another program" : `node.* \\(process ${process.pid}\\)`;
    expect(output).toMatch(new RegExp(`port ${port} is used by ${user}; stop it, or set another`));
    expect(exitCode).toBe(3);
  });

  test("reports that Keycloak at KEYCLOAK_URL does not answer", async () => {
    const { exitCode, output } = await clone.npm("start", [], {
      KEYCLOAK_URL: "http://localhost:9",
    });
    expect(output).toContain("Keycloak at http://localhost:9 does not answer");
    expect(exitCode).toBe(3);
  });

  test("asks for a login for KEYCLOAK_URL, and reports a login that Keycloak refuses", async () => {
    const { root } = endToEnd();
    const none = await clone.npm("start", [], { KEYCLOAK_URL: root.url });
    expect(none.output).toContain("there is no login for Keycloak");
    expect(none.exitCode).toBe(3);
    const login = { KEYCLOAK_USER: "admin", KEYCLOAK_PASSWORD: "not-the-password" };
    const wrong = await clone.npm("start", [], { KEYCLOAK_URL: root.url, ...login });
    expect(wrong.output).toContain(`Keycloak at ${root.url} refuses the user "admin"`);
    expect(wrong.output).not.toContain("not-the-password");
    expect(wrong.exitCode).toBe(3);
  });

  test("shows the log of a Keycloak that does not start", async () => {
    const home = join(clone.stateFolder, "broken");
    await writeStub(join(home, "bin/kc.sh"), "echo no luck\nexit 7");
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_HOME: home });
    expect(output).toContain("Keycloak does not start: it ended with exit status 7");
    expect(output).toContain("no luck");
    expect(exitCode).toBe(3);
  });

  test("refuses a KEYCLOAK_HOME that does not contain Keycloak", async () => {
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_HOME: clone.folder });
    expect(output).toContain(`KEYCLOAK_HOME: there is no Keycloak in ${clone.folder}`);
    expect(exitCode).toBe(3);
  });
});
