import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { parse } from "yaml";
import { StepRunner } from "./support/step-runner.ts";

const pipeline = parse(readFileSync(".gitlab-ci.yml", "utf8")) as {
  readonly stages: readonly string[];
  readonly review: {
    readonly script: readonly string[];
    readonly artifacts: {
      readonly when: string;
      readonly paths: readonly string[];
      readonly reports: object;
    };
  };
  readonly override: object;
  readonly plan: { readonly artifacts: { readonly reports: object } };
};
const childPipeline = (name: string) => readFileSync(`.gitlab/${name}.yml`, "utf8");

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
  runner.addProgram("git", "exit 1");
});
afterEach(() => {
  runner.remove();
});

/** Runs the job review with the variables of a merge request. GitLab ends a script at the first failure. */
function review(variables: Readonly<Record<string, string>> = {}) {
  const text = pipeline.review.script.join("\n");
  return runner.run(
    { text, shell: "bash --noprofile --norc -eo pipefail {0}" },
    { CI_MERGE_REQUEST_DIFF_BASE_SHA: "base", ...variables },
  );
}

describeScripts("the job review on GitLab", () => {
  test.each([
    ["the base of the merge request", {}, "base"],
    ["the target of merged results", { CI_MERGE_REQUEST_TARGET_BRANCH_SHA: "target" }, "target"],
  ])("compares with %s, as GitLab knows it", async (_, variables, base) => {
    runner.addNpm("a review\n", { json: '{"overruled":[]}' });
    expect(await review(variables)).toMatchObject({ exitCode: 0 });
    expect(runner.read("npm-arguments")).toContain(`--base=${base}\n`);
    expect(runner.read("review.md")).toBe("a review\n");
  });

  test("fails with the status of a refused review, and publishes its text", async () => {
    runner.addNpm("refused\n", { json: '{"overruled":[]}' });
    runner.addProgram("npm", "[[ $* != *review* ]] || { echo refused; exit 1; }");
    expect(await review()).toMatchObject({ exitCode: 1 });
    expect(runner.read("review.md")).toBe("refused\n");
    expect(runner.read("child.yml")).toBeUndefined();
  });

  test("publishes what check finds, also if it fails", async () => {
    runner.addProgram("npm", '[[ $* != *check* ]] || { echo "[] $*"; exit 1; }');
    expect(await review()).toMatchObject({ exitCode: 1 });
    const report = "gl-code-quality-report.json";
    expect(runner.read(report)).toBe("[] run --silent check -- --format=gitlab\n");
    const reports = { codequality: report };
    expect(pipeline.review.artifacts).toMatchObject({ when: "always", reports });
  });

  test.each([
    ["override", 1],
    ["no-override", 0],
  ])("chooses the child pipeline %s if it reports %i overrides", async (name, count) => {
    const json = JSON.stringify({ overruled: Array.from({ length: count }, () => ({})) });
    runner.addNpm("a review\n", { json });
    await review();
    expect(runner.read("child.yml")).toBe(childPipeline(name));
  });

  test("fails if the review has no number of overrides", async () => {
    runner.addNpm("a review\n", { json: "{}" });
    expect((await review()).exitCode).not.toBe(0);
    expect(runner.read("child.yml")).toBeUndefined();
  });
});

describeScripts("an override on GitLab", () => {
  test("waits in the environment override until somebody runs the job", () => {
    expect(parse(childPipeline("override"))).toMatchObject({
      override: { environment: "override", rules: [{ when: "manual", allow_failure: false }] },
    });
  });

  test("stops the merge request's pipeline while it waits", () => {
    expect(pipeline.stages).toEqual(["prepare", "review", "override", "plan", "deploy"]);
    expect(pipeline.review.artifacts.paths).toContain("child.yml");
    expect(pipeline.override).toEqual({
      stage: "override",
      rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }],
      trigger: { include: [{ artifact: "child.yml", job: "review" }], strategy: "depend" },
    });
  });

  test("does not check out the merge request", () => {
    for (const name of ["override", "no-override"])
      expect(parse(childPipeline(name))).toHaveProperty([name, "variables"], {
        GIT_STRATEGY: "none",
      });
  });
});

describeScripts("the plan on GitLab", () => {
  test("is reported with the number of resources that it creates, updates and deletes", async () => {
    const changes = [["create"], ["update"], ["delete", "create"], ["no-op"], ["create"]];
    const plan = { changes: changes.map((actions) => ({ address: "a", actions })) };
    runner.write({ "cdktf.out/plan/plan.json": JSON.stringify(plan) });
    const text = "node .gitlab/plan-report.mjs cdktf.out/plan/plan.json > plan-report.json";
    expect(readFileSync(".gitlab-ci.yml", "utf8")).toContain(`    - ${text}\n`);
    const shell = "bash --noprofile --norc -eo pipefail {0}";
    expect(await runner.run({ text, shell })).toEqual({ exitCode: 0, log: "" });
    expect(JSON.parse(runner.read("plan-report.json") ?? "")).toEqual({
      ...{ create: 3, update: 1, delete: 1 },
    });
    expect(pipeline.plan.artifacts.reports).toHaveProperty("terraform", "plan-report.json");
  });
});

describeScripts("the install scripts of packages on GitLab", () => {
  const jobs = Object.entries(pipeline as unknown as Record<string, { script?: string[] }>);
  const lines = jobs.flatMap(([, { script = [] }]) =>
    script.filter((line) => /\bnpm ci\b/.test(line)),
  );

  test("get no token and no secret", async () => {
    expect(lines.length).toBeGreaterThan(5);
    runner.addProgram("npm", 'echo "npm $*"; env');
    const names = ["KEYCLOAK_JWT_TOKEN", "KEYCLOAK_CLIENT_SECRET", "PG_CONN_STR", "DRIFT_TOKEN"];
    const variables = Object.fromEntries(names.map((name) => [name, "confidential"]));
    for (const text of new Set(lines)) {
      const { log } = await runner.run({ text, shell: "bash -eo pipefail {0}" }, variables);
      expect(log).toMatch(/^npm ci\n/);
      expect(log).not.toContain("confidential");
    }
  });
});

test("announces expiries on GitLab in a job of its own, which a suspension does not wait for", () => {
  expect(pipeline).toMatchObject({
    announce: { needs: [], script: expect.arrayContaining([expect.stringContaining("post.mjs")]) },
    expiries: {
      needs: ["terraform"],
      script: expect.not.arrayContaining([expect.stringContaining("post.mjs")]),
    },
  });
});

test("verifies on GitLab on a schedule, reports it, and does not keep anybody from being suspended", () => {
  const command = "npm run --silent verify -- --junit=verify.xml";
  expect(pipeline).toMatchObject({
    verify: {
      rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
      environment: { name: "production-plan" },
      script: expect.arrayContaining([command]),
      artifacts: { when: "always", reports: { junit: "verify.xml" } },
    },
    expiries: { needs: expect.not.arrayContaining(["verify"]) },
  });
});
