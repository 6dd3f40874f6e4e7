import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { parse } from "yaml";
import { type GitlabJob, gitlabPipeline, gitlabPipelineIn } from "./support/gitlab-files.ts";
import { StepRunner } from "./support/step-runner.ts";

const pipeline = gitlabPipelineIn(".gitlab-ci.yml");
const { jobs } = pipeline;
const childPipeline = (name: string) => readFileSync(`.gitlab/${name}.yml`, "utf8");

/** The whole script of a job. GitLab ends it at the first failure. */
const scriptOf = (job: GitlabJob | undefined) => ({
  text: job?.script?.join("\n") ?? "",
  shell: "bash --noprofile --norc -eo pipefail {0}",
});

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
  runner.addProgram("git", "exit 1");
});
afterEach(() => {
  runner.remove();
});

/** Runs the job review with the variables of a merge request. */
function review(variables: Readonly<Record<string, string>> = {}) {
  return runner.run(scriptOf(jobs.review), {
    CI_MERGE_REQUEST_DIFF_BASE_SHA: "base",
    ...variables,
  });
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
    expect(jobs.review?.artifacts).toMatchObject({ when: "always", reports });
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
    expect(jobs.review?.artifacts?.paths).toContain("child.yml");
    expect(jobs.override).toEqual({
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
  const onePart = '{"PART":["1/1"]}';
  const twoParts = '{"PART":["1/2","2/2"]}';
  const changes = [["create"], ["update"], ["delete", "create"], ["no-op"], ["create"]];
  const savedPlan = JSON.stringify({
    changes: changes.map((actions) => ({ address: "a", actions })),
  });

  /**
   * Runs a job with an npm that prints a matrix and saves a plan, and a GitLab that has deployed the commit abc.
   *
   * @param unfinished a commit whose deployment has failed since
   */
  function run(
    job: GitlabJob | undefined,
    matrix: string,
    { status = 0, unfinished = "" }: { status?: number; unfinished?: string } = {},
  ) {
    runner.write({ matrix, "saved-plan": savedPlan });
    runner.addProgram(
      "npm",
      [
        `echo "$*" >> npm-calls`,
        `if [[ $* == *--shard-matrix* ]]; then cat matrix; exit ${status}; fi`,
        `if [[ $* == *" plan "* ]]; then mkdir -p cdktf.out/plan; cp saved-plan cdktf.out/plan/plan.json; fi`,
      ].join("\n"),
    );
    const node = `exec '${process.execPath}' "$@"`;
    runner.addProgram(
      "node",
      [
        `[[ $* != ".gitlab/deployed.mjs production" ]] || { printf abc; exit; }`,
        `[[ $1 != .gitlab/deployed.mjs ]] || { printf '${unfinished}'; exit; }`,
        node,
      ].join("\n"),
    );
    runner.addProgram("git", "exit 0");
    return runner.run(scriptOf(job), { CI_PROJECT_DIR: runner.folder, ALLOW_MANY: "12" });
  }
  const calls = () => (runner.read("npm-calls") ?? "").split("\n").slice(0, -1);
  const report = () => JSON.parse(runner.read("plan-report.json") ?? "") as unknown;

  test("is made at once if it has one part, and deployed by a child pipeline", async () => {
    expect(await run(jobs.plan, onePart)).toMatchObject({ exitCode: 0 });
    expect(calls().slice(-2)).toEqual([
      "run --silent plan -- --shard-matrix --base=abc",
      "run --silent plan -- --base=abc --allow-many=12",
    ]);
    expect(runner.read("child.yml")).toBe(childPipeline("deploy"));
  });

  test("is left to a child pipeline with a matrix if it has several parts", async () => {
    expect(await run(jobs.plan, twoParts)).toMatchObject({ exitCode: 0 });
    expect(calls().at(-1)).toBe("run --silent plan -- --shard-matrix --base=abc");
    const child = gitlabPipeline(runner.read("child.yml") ?? "");
    expect(child.variables).toMatchObject({ BASE: "abc" });
    expect(child.jobs["plan-part"]?.parallel).toEqual({ matrix: [{ PART: ["1/2", "2/2"] }] });
    expect(child.jobs.join?.needs).toContain("plan-part");
    expect(child.jobs.deploy?.needs).toEqual(["join"]);
  });

  test("is of every shard if a deployment has failed since the last one that succeeded", async () => {
    const unfinished = "def";
    expect(await run(jobs.plan, onePart, { unfinished })).toMatchObject({ exitCode: 0 });
    expect(calls().slice(-2)).toEqual([
      "run --silent plan -- --shard-matrix --base=abc --all",
      "run --silent plan -- --base=abc --all --allow-many=12",
    ]);
    expect(await run(jobs.plan, twoParts, { unfinished })).toMatchObject({ exitCode: 0 });
    const { variables } = gitlabPipeline(runner.read("child.yml") ?? "");
    expect(variables).toMatchObject({ BASE: "abc", PLAN_ALL: "1" });
  });

  test("fails if the parts cannot be found out", async () => {
    expect(await run(jobs.plan, onePart, { status: 2 })).toMatchObject({ exitCode: 2 });
    expect((await run(jobs.plan, "no matrix")).exitCode).not.toBe(0);
    expect((await run(jobs.plan, "")).exitCode).not.toBe(0);
    expect(runner.read("child.yml")).toBeUndefined();
  });

  test("is planned by each part and reviewed by the join, since the same base", async () => {
    const child = gitlabPipelineIn(".gitlab/deploy-parts.yml").jobs;
    const variables = { CI_PROJECT_DIR: runner.folder, BASE: "abc", PLAN_ALL: "1", PART: "2/3" };
    runner.addNpm("done\n");
    await runner.run(scriptOf(child["plan-part"]), variables);
    const planned = ["run", "--silent", "plan", "--", "--part=2/3", "--base=abc", "--all"];
    expect(runner.read("npm-arguments")).toBe(["ci", ...planned, ""].join("\n"));
    expect(await run(child.join, "")).toMatchObject({ exitCode: 0 });
    expect(calls().at(-1)).toBe("run --silent plan -- --join --allow-many=12");
  });

  test("is reported with the number of resources that it creates, updates and deletes", async () => {
    const { join } = gitlabPipelineIn(".gitlab/deploy-parts.yml").jobs;
    for (const job of [jobs.plan, join]) {
      await run(job, onePart);
      expect(report()).toEqual({ create: 3, update: 1, delete: 1 });
      expect(job?.artifacts?.reports).toHaveProperty("terraform", "plan-report.json");
      runner.write({ "plan-report.json": "" });
    }
  });
});

describeScripts("the child pipeline that deploys on GitLab", () => {
  const whole = gitlabPipelineIn(".gitlab/deploy.yml");
  const parts = gitlabPipelineIn(".gitlab/deploy-parts.yml");
  const ofParent = { pipeline: "$PARENT_PIPELINE_ID", job: "plan" };

  test("gets the plan, the program terraform and the overrides of the pipeline that starts it", () => {
    expect(jobs.plan?.artifacts?.paths).toEqual(["cdktf.out/plan", ".terraform-bin", "child.yml"]);
    expect(jobs.deployment).toMatchObject({
      needs: ["plan"],
      variables: { PARENT_PIPELINE_ID: "$CI_PIPELINE_ID" },
      trigger: {
        include: [{ artifact: "child.yml", job: "plan" }],
        strategy: "depend",
        forward: { pipeline_variables: true },
      },
    });
    expect(whole.jobs.deploy?.needs).toEqual([ofParent]);
    expect(parts.jobs["plan-part"]?.needs).toEqual([ofParent]);
    expect(parts.jobs.join?.needs).toContainEqual(ofParent);
    expect(parts.jobs.join?.artifacts?.paths).toEqual(["cdktf.out/plan", ".terraform-bin"]);
  });

  test.each([
    ["one part", whole],
    ["several parts", parts],
  ])("deploys only if somebody runs the job, with %s", (_, { jobs: child, stages }) => {
    expect(child.deploy).toMatchObject({
      environment: "production",
      resource_group: "production",
      rules: [{ when: "manual", allow_failure: false }],
    });
    const names = Object.values(child).flatMap(({ needs = [] }) =>
      needs.filter((need) => typeof need === "string"),
    );
    expect(Object.keys(child)).toEqual(expect.arrayContaining(names));
    expect(stages).toEqual(expect.arrayContaining(Object.values(child).map(({ stage }) => stage)));
  });

  test("has a token and the variables of its environment in each job that logs in", () => {
    const environment = { name: "production-plan", action: "access" };
    for (const job of [jobs.plan, parts.jobs["plan-part"], parts.jobs.join])
      expect(job?.environment).toEqual(environment);
    for (const job of [jobs.plan, ...Object.values(parts.jobs)])
      expect(job?.id_tokens).toEqual({ KEYCLOAK_JWT_TOKEN: { aud: "$KEYCLOAK_ISSUER" } });
  });

  test("waits for nothing that waits for it, and plans its parts side by side", () => {
    expect(jobs.deployment).not.toHaveProperty("resource_group");
    expect(parts.jobs["plan-part"]).not.toHaveProperty("resource_group");
    expect(parts.jobs.join).toHaveProperty("resource_group", "production");
  });
});

describeScripts("the install scripts of packages on GitLab", () => {
  const all = [jobs, gitlabPipelineIn(".gitlab/deploy-parts.yml").jobs].flatMap(Object.values);
  const lines = (all as GitlabJob[]).flatMap(({ script = [] }) =>
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
  expect(jobs).toMatchObject({
    announce: { needs: [], script: expect.arrayContaining([expect.stringContaining("post.mjs")]) },
    expiries: {
      needs: ["terraform"],
      script: expect.not.arrayContaining([expect.stringContaining("post.mjs")]),
    },
  });
});

test("verifies on GitLab on a schedule, reports it, and does not keep anybody from being suspended", () => {
  const command = "npm run --silent verify -- --junit=verify.xml";
  expect(jobs).toMatchObject({
    verify: {
      rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
      environment: { name: "production-plan" },
      script: expect.arrayContaining([command]),
      artifacts: { when: "always", reports: { junit: "verify.xml" } },
    },
    expiries: { needs: expect.not.arrayContaining(["verify"]) },
  });
});
