import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { describeScripts } from "./support/describe-scripts.ts";
import { StepRunner } from "./support/step-runner.ts";
import { jobIn, scriptIn, workflowIn } from "./support/workflows.ts";

let folder: string;

async function git(...args: readonly string[]): Promise<void> {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  await execa("git", [...identity, ...args], { cwd: folder });
}

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  await git("add", "--all");
  await git("commit", "--quiet", "--allow-empty", "--message=change");
}

/** The tests that are chosen for the change from a base to HEAD. */
async function tests(base = "HEAD^1"): Promise<string> {
  const script = resolve(".github/scripts/choose-tests.mjs");
  return (await execa(process.execPath, [script, base], { cwd: folder })).stdout;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "choose-tests-"));
  await git("init", "--quiet");
  await commit({ "main.ts": "// long enough to be found as renamed", "cli/plan.ts": "plan" });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("the choice of the tests", () => {
  test("is the unit tests if only the team's own files change", async () => {
    await commit({
      ...{ "main.ts": "a", "customers.yaml": "b", "customers.schema.json": "c" },
      ...{ "environments/production.yaml": "d", ".github/CODEOWNERS": "e", "keys/acme.pem": "f" },
    });
    expect(await tests()).toBe("tests=unit");
  });

  test.each([
    "package.json",
    "cli/plan.ts",
    "sub/main.ts",
    "main.ts\npackage.json",
    "environments.ts",
    "keys/acme.ts",
  ])("is all tests if %j changes as well", async (name) => {
    await commit({ "main.ts": "changed", [name]: "changed" });
    expect(await tests()).toBe("tests=all");
  });

  test("is all tests if a file is renamed into the team's files", async () => {
    mkdirSync(join(folder, "environments"));
    await git("mv", "cli/plan.ts", "environments/plan.ts");
    await commit({});
    expect(await tests()).toBe("tests=all");
  });

  test("is all tests if an earlier commit of the change needs them", async () => {
    await commit({ "cli/plan.ts": "changed" });
    await commit({ "main.ts": "changed" });
    expect(await tests("HEAD~2")).toBe("tests=all");
    expect(await tests("HEAD~1")).toBe("tests=unit");
  });

  test.each([
    ["the base is unknown", "0000000000000000000000000000000000000000"],
    ["nothing changes", "HEAD"],
    ["the base is missing", ""],
  ])("is all tests if %s", async (_, base) => {
    expect(await tests(base)).toBe("tests=all");
  });
});

describe("the workflow ci", () => {
  test("runs all tests unless the unit tests were chosen, also if the choice failed", () => {
    expect(jobIn("ci.yml", "changes").outputs).toEqual({
      tests: "${{ steps.choose.outputs.tests }}",
    });
    expect(jobIn("ci.yml", "declaration").if).toBe("needs.changes.outputs.tests == 'unit'");
    const unless = "${{ !cancelled() && needs.changes.outputs.tests != 'unit' }}";
    for (const id of ["test", "workflows"]) expect(jobIn("ci.yml", id).if).toBe(unless);
  });

  test("has a last job that needs every other job", () => {
    const others = Object.keys(workflowIn("ci.yml").jobs).filter((id) => id !== "passed");
    expect(jobIn("ci.yml", "passed")).toMatchObject({ needs: others, if: "always()" });
  });
});

describeScripts("the last job of the workflow ci", () => {
  test.each([
    [0, "success success skipped skipped"],
    [0, "success skipped success success"],
    [1, "failure skipped success success"],
    [1, "success skipped cancelled success"],
  ])("exits with status %i for the results %s", async (status, RESULTS) => {
    const runner = new StepRunner();
    const script = scriptIn("ci.yml", "passed", "Check that no job failed");
    expect((await runner.run(script, { RESULTS })).exitCode).toBe(status);
    runner.remove();
  });
});
