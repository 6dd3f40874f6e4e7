import { createServer } from "node:net";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { Clone } from "../support/clone.ts";
import { endToEnd } from "../support/end-to-end.ts";

describe("npm start, if something is missing,", () => {
  let clone: Clone;

  beforeAll(async () => {
    clone = await Clone.create("embedded", { KEYCLOAK_URL: "" });
  });
  afterAll(() => clone.remove());

  /** A PATH with these programs and no others. */
  const pathWith = async (name: string, ...programs: string[]) => {
    const folder = join(clone.stateFolder, name);
    await mkdir(folder, { recursive: true });
    for (const program of ["node", "npm", "sh", ...programs]) {
      const { stdout } = await execa("which", [program]);
      await execa("ln", ["-s", stdout, join(folder, program)]);
    }
    return { PATH: folder };
  };

  test("names the Terraform to install", async () => {
    const { exitCode, output } = await clone.npm("start", [], await pathWith("no-terraform"));
    expect(output).toContain("terraform is not on PATH; install Terraform 1.11 or later");
    expect(exitCode).toBe(3);
  });

  test("names the JDK to install", async () => {
    const { exitCode, output } = await clone.npm(
      "start",
      [],
      await pathWith("no-java", "terraform"),
    );
    expect(output).toContain("java is not on PATH; install a JDK 17 or later");
    expect(exitCode).toBe(3);
  });

  test("asks for Maven or KEYCLOAK_HOME", async () => {
    const variables = await pathWith("no-mvn", "terraform", "java", "ps");
    const cache = { XDG_CACHE_HOME: join(clone.stateFolder, "cache") };
    const { exitCode, output } = await clone.npm("start", [], { ...variables, ...cache });
    expect(output).toContain("mvn, which downloads Keycloak, is not on PATH");
    expect(output).toContain("KEYCLOAK_HOME");
    expect(exitCode).toBe(3);
  });

  test("refuses a Terraform that is too old", async () => {
    const variables = await pathWith("old-terraform");
    const program = join(variables.PATH, "terraform");
    await writeFile(program, "#!/bin/sh\necho Terraform v1.5.7\n", { mode: 0o755 });
    const { exitCode, output } = await clone.npm("start", [], variables);
    expect(output).toContain("terraform 1.5 is too old; 1.11 or later is needed");
    expect(exitCode).toBe(3);
  });

  test("names the process that uses KEYCLOAK_PORT", async () => {
    const server = createServer().listen(0);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? String(address.port) : "";
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_PORT: port });
    server.close();
    expect(output).toMatch(
      new RegExp(
        `port ${port} is used by node.* \\(process ${process.pid}\\); stop it, or set another`,
      ),
    );
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
    await mkdir(join(home, "bin"), { recursive: true });
    await mkdir(join(home, "lib"));
    await writeFile(join(home, "lib/quarkus-run.jar"), "");
    await writeFile(join(home, "bin/kc.sh"), "#!/bin/sh\necho no luck\nexit 7\n", { mode: 0o755 });
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
