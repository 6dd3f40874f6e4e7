import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { execa } from "execa";
import { describeScripts } from "./support/describe-scripts.ts";
import { StepRunner } from "./support/step-runner.ts";
import { gitlabPipelineIn } from "./support/gitlab-files.ts";
import { scriptIn } from "./support/workflows.ts";

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

/** A run of the workflow deploy. */
interface Run {
  readonly conclusion: string;
  readonly attempt?: number;
  /** The number of steps of the job deploy that have run. */
  readonly steps?: number;
}

/** Adds a GitHub with runs, the latest first. */
function addRuns(...runs: readonly Run[]): void {
  const list = runs.map(({ conclusion }, index) => ({ databaseId: index + 1, conclusion }));
  const views = runs.map(({ attempt = 1, steps = 0 }) => ({
    attempt,
    jobs: [
      { name: "plan", steps: [{}] },
      { name: "deploy", steps: Array.from({ length: steps }, () => ({})) },
    ],
  }));
  runner.write({ "list.json": JSON.stringify(list) });
  for (const [index, view] of views.entries())
    runner.write({ [`run-${index + 1}.json`]: JSON.stringify(view) });
  runner.addProgram(
    "gh",
    [
      'for argument; do [[ $argument != --jq=* ]] || filter="${argument#*=}"; done',
      'if [[ "$*" == *--status=success* ]]; then echo abc; exit; fi',
      'if [[ $2 == list ]]; then file=list.json; else file="run-$3.json"; fi',
      'jq -r "$filter" "$file"',
    ].join("\n"),
  );
  runner.addProgram("git", "exit 0");
}

describeScripts("the plan on GitHub", () => {
  const script = scriptIn("deploy.yml", "plan", "Find the last deployed commit");
  const success = { conclusion: "success", steps: 5 };

  test.each<[string, boolean, readonly Run[]]>([
    ["no run", false, []],
    ["a run that succeeded", false, [success]],
    ["a plan that was refused", false, [{ conclusion: "failure" }, success]],
    ["a deploy that nobody approved", false, [{ conclusion: "cancelled" }, success]],
    ["a deploy that failed", true, [{ conclusion: "failure", steps: 3 }, success]],
    [
      "a deploy that failed, and a plan that was refused",
      true,
      [{ conclusion: "failure" }, { conclusion: "cancelled", steps: 3 }, success],
    ],
    ["a run whose first attempts are unknown", true, [{ conclusion: "failure", attempt: 2 }]],
    [
      "a deploy that succeeded after one that failed",
      false,
      [success, { conclusion: "failure", steps: 3 }],
    ],
  ])("after %s is of every shard: %s", async (_, isAll, runs) => {
    addRuns(...runs);
    expect(await runner.run(script)).toMatchObject({ exitCode: 0 });
    expect(runner.read("output")).toBe(`base=abc\nall=${isAll ? "1" : ""}\n`);
  });

  test("is of every shard, and since a commit, if somebody asks for that", async () => {
    addRuns(success);
    await runner.run(script, { BASE: "def", ALL: "1" });
    expect(runner.read("output")).toBe("base=def\nall=1\n");
  });
});

describeScripts("a plan whose platform does not answer", () => {
  test("fails on GitHub", async () => {
    addRuns({ conclusion: "failure", steps: 3 });
    runner.addProgram("gh", "[[ $* != *--status=completed* ]] || exit 4; echo abc");
    const script = scriptIn("deploy.yml", "plan", "Find the last deployed commit");
    expect((await runner.run(script)).exitCode).not.toBe(0);
  });

  test("fails on GitLab", async () => {
    const { plan } = gitlabPipelineIn(".gitlab-ci.yml").jobs;
    runner.addProgram("npm", "exit 0");
    runner.addProgram("git", "exit 0");
    runner.addProgram("node", "[[ $* != *unfinished* ]] || { echo failed >&2; exit 1; }");
    const text = (plan?.script ?? []).join("\n");
    const ran = await runner.run({ text, shell: "bash --noprofile --norc -eo pipefail {0}" });
    expect(ran).toMatchObject({ exitCode: 1, log: "failed" });
  });
});

test.each<[string, readonly object[], string]>([
  ["no deployment", [], ""],
  ["one that succeeded", [{ sha: "a", status: "success" }], ""],
  ["one that nobody has run", [{ sha: "b", status: "canceled", deployable: {} }], ""],
  [
    "one that failed",
    [
      { sha: "c", status: "created", deployable: {} },
      { sha: "b", status: "failed", deployable: { started_at: "2026-11-01T00:00:00Z" } },
      { sha: "a", status: "success" },
    ],
    "b",
  ],
  [
    "one that succeeded after one that failed",
    [
      { sha: "a", status: "success" },
      { sha: "b", status: "failed", deployable: { started_at: "2026-11-01T00:00:00Z" } },
    ],
    "",
  ],
])("on GitLab, after %s, the commit deployed in part is the right one", async (_, all, sha) => {
  const server = createServer((request, response) => {
    const query = "environment=production&sort=desc&order_by=updated_at&per_page=100";
    if (request.url !== `/projects/1/deployments?${query}`) response.statusCode = 404;
    response.end(JSON.stringify(all));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const env = {
    CI_API_V4_URL: `http://127.0.0.1:${port}`,
    CI_PROJECT_ID: "1",
    CI_JOB_TOKEN: "token",
  };
  const args = [".gitlab/deployed.mjs", "production", "unfinished"];
  const { stdout } = await execa(process.execPath, args, { env });
  server.close();
  expect(stdout).toBe(sha);
});
