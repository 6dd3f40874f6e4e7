import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { processGroups } from "../../../../system/programs/process-groups.ts";
import { mainWith, ReviewedProject } from "../../support/projects/reviewed-project.ts";
import { terraformProgram } from "../../support/programs.ts";
import { terminal } from "../../support/terminal.ts";
import { until } from "../../support/until.ts";

let project: ReviewedProject;
let temporary: string;
let note: string;
beforeAll(() => {
  project = new ReviewedProject();
  temporary = join(project.root, "temporary");
  note = join(project.root, "main-process");
  mkdirSync(temporary);
});
afterEach(async () => {
  project.reset();
  // if a test fails, its main.ts is still busy
  if ((await declarations()).length > 0)
    process.kill(Number(readFileSync(note, "utf8")), "SIGKILL");
  rmSync(note, { force: true });
});
afterAll(() => {
  project.remove();
});

/** A main.ts that writes down its process and is busy until it is ended. */
const busyMain = () =>
  mainWith({
    imports: `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(note)}, String(process.pid));
for (;;);`,
  });

/** Starts a review, whose main.ts does not end by itself. */
function startReview(base: string) {
  const child = execa(process.execPath, ["system/run.mjs", "cli/review.ts", "--base", base], {
    cwd: project.folder,
    env: { REALM_ENV: "production", TMPDIR: temporary },
    reject: false,
  });
  const isBusy = () =>
    until("main.ts is busy", () => existsSync(note) && readFileSync(note, "utf8") !== "");
  return { child, isBusy };
}

/** What is left in the folder for temporary files. */
function remains(): string[] {
  return readdirSync(temporary);
}

/** The process groups of main.ts on either side. */
const declarations = () =>
  processGroups((line) => line.includes(`${project.root}/`) && line.includes("/main.ts"));

describe("a review that is told to end while main.ts is busy", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s ends it, leaves nothing behind, and exits with status 130",
    async (signal) => {
      project.write({ "main.ts": busyMain() });
      const review = startReview("HEAD");
      await review.isBusy();
      review.child.kill(signal);
      const { exitCode, stdout, stderr } = await review.child;
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 130,
        stdout: "",
        stderr: "interrupted",
      });
      expect(await declarations()).toEqual([]);
      expect(remains()).toEqual([]);
    },
  );

  test("ends the base's main.ts too, and removes the base's work tree", async () => {
    const base = project.commit("busy", { "main.ts": busyMain() });
    project.commit("not busy", { "main.ts": mainWith() });
    const review = startReview(base);
    await review.isBusy();
    expect(project.git("worktree", "list").split("\n")).toHaveLength(2);
    review.child.kill("SIGTERM");
    expect(await review.child).toMatchObject({ exitCode: 130, stderr: "interrupted" });
    expect(await declarations()).toEqual([]);
    expect(project.git("worktree", "list").split("\n")).toHaveLength(1);
    expect(remains()).toEqual([]);
  });

  test("by SIGKILL does not leave main.ts running", async () => {
    project.write({ "main.ts": busyMain() });
    const review = startReview("HEAD");
    await review.isBusy();
    review.child.kill("SIGKILL");
    await review.child;
    await until("main.ts ends", async () => (await declarations()).length === 0);
    expect(await declarations()).toEqual([]);
  });
});

test("a review that is ended by SIGKILL does not leave an install script of the base running", async () => {
  const script = join(project.root, "busy.cjs");
  const busy = `require("fs").writeFileSync(${JSON.stringify(note)}, String(process.pid)); for (;;);`;
  writeFileSync(script, busy);
  const root = { name: "base", version: "1.0.0" };
  // the shell that npm starts for this script stays between the two
  const preinstall = `node ${JSON.stringify(script)} && exit 7`;
  const base = project.commit("script", {
    "package.json": JSON.stringify({ ...root, type: "module", scripts: { preinstall } }),
    "package-lock.json": JSON.stringify({ ...root, lockfileVersion: 3, packages: { "": root } }),
  });
  project.git("revert", "--no-edit", "HEAD");
  const review = startReview(base);
  await review.isBusy();
  review.child.kill("SIGKILL");
  await review.child;
  const installs = () => processGroups((line) => line.includes(script));
  try {
    await until("the script ends", async () => (await installs()).length === 0);
    expect(await installs()).toEqual([]);
  } finally {
    for (const group of await installs()) process.kill(-group, "SIGKILL");
  }
});

/** Starts a program of the test's own that uses the project's modules. */
function startProgram(text: string) {
  project.write({ "cli/program.ts": text });
  return execa(process.execPath, ["system/run.mjs", "cli/program.ts"], {
    ...{ cwd: project.folder, env: { TMPDIR: temporary }, reject: false },
  });
}

const command = (action: string) => `import { setTimeout as sleep } from "node:timers/promises";
import { FailedError } from "../text/errors.ts";
import { newCommand, runCommand } from "./shared/command.ts";
await runCommand(() =>
  newCommand({ script: "x", description: "", example: "" }).action(async () => {
    process.kill(process.pid, "SIGTERM");
    await sleep(100);
    ${action}
  }),
);
`;

describe("a command that is told to end", () => {
  test("exits with status 130 even if it finishes its work", async () => {
    expect(await startProgram(command('console.log("done");'))).toMatchObject({
      exitCode: 130,
      stdout: "done",
      stderr: "interrupted",
    });
  });

  test("ends at once while it waits for Keycloak", async () => {
    const connected = join(project.root, "connected");
    const silent = createServer(() => {
      writeFileSync(connected, "");
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const login = { baseUrl, realm: "master", clientId: "x", clientSecret: "x" };
    const program =
      startProgram(`import { adminClient } from "../operations/keycloak/login/admin.ts";
import { newCommand, runCommand } from "./shared/command.ts";
await runCommand(() =>
  newCommand({ script: "x", description: "", example: "" }).action(async () => {
    await adminClient(${JSON.stringify(login)});
  }),
);
`);
    try {
      await until("it waits", () => existsSync(connected) || program.exitCode !== null);
      program.kill("SIGTERM");
      expect(await program).toMatchObject({ exitCode: 130, stdout: "", stderr: "interrupted" });
    } finally {
      silent.close();
      silent.closeAllConnections();
    }
  });

  test("reports what failed", async () => {
    const outcome = await startProgram(command('throw new FailedError("half is applied");'));
    expect(outcome).toMatchObject({ exitCode: 130, stderr: "half is applied\ninterrupted" });
  });

  test.each([
    ["is interrupted by Ctrl-C", "\u0003", 130, "interrupted"],
    ["is told no by Ctrl-D", "\u0004", 0, "no"],
    ["is told no by another answer", "y", 0, "no"],
    ["is told yes", "yes", 0, "yes"],
  ])("%s while it asks", async (_, answer, status, last) => {
    project.write({
      "cli/program.ts": `import { agrees } from "./shared/agrees.ts";
import { newCommand, runCommand } from "./shared/command.ts";
await runCommand(({ interrupted }) =>
  newCommand({ script: "x", description: "", example: "" }).action(async () => {
    console.log((await agrees("really?", interrupted)) ? "yes" : "no");
  }),
);
`,
    });
    const { exitCode, stdout } = await execa(
      "python3",
      [terminal, "really?", answer, process.execPath, "system/run.mjs", "cli/program.ts"],
      { cwd: project.folder, env: { TMPDIR: temporary }, stdin: "ignore", reject: false },
    );
    expect(stdout.trimEnd()).toMatch(new RegExp(`${last}$`));
    expect(exitCode).toBe(status);
  });

  test("lets terraform stop gracefully, so that the state is not locked", async () => {
    const folder = join(project.root, "terraform");
    const waits = join(project.root, "terraform-waits");
    mkdirSync(folder);
    const provisioner = { "local-exec": { command: `touch '${waits}'; exec sleep 600` } };
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ resource: { terraform_data: { slow: { provisioner } } } }),
    );
    const workspace = JSON.stringify(folder);
    const program =
      startProgram(`import { runTerraform } from "../operations/terraform/terraform.ts";
import { newCommand, runCommand } from "./shared/command.ts";
await runCommand(({ variables }) =>
  newCommand({ script: "x", description: "", example: "" }).action(async () => {
    const workspace = { folder: ${workspace}, variables };
    await runTerraform(workspace, ["init"]);
    await runTerraform(workspace, ["apply", "-auto-approve"]);
    console.log("not reached");
  }),
);
`);
    await until("terraform waits", () => existsSync(waits));
    program.kill("SIGTERM");
    expect(await program).toMatchObject({ exitCode: 130, stdout: "", stderr: "interrupted" });
    const next = await execa(terraformProgram, ["plan", "-no-color"], {
      cwd: folder,
      reject: false,
    });
    expect(next).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("slow is tainted") });
  });
});
