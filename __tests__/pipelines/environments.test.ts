import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { StepRunner } from "./support/step-runner.ts";
import { scriptIn, workflows } from "./support/workflows.ts";

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

describeScripts("the environments with secrets", () => {
  const script = scriptIn("deploy.yml", "plan", "Check that only main can use the environments");
  const main = { branch_policies: [{ name: "main", type: "branch" }] };
  const path = (environment: string) =>
    `repos/example/realm/environments/${environment}/deployment-branch-policies`;

  test("may be used by main only", async () => {
    runner.answer({ [path("production-plan")]: main, [path("production")]: main });
    expect((await runner.run(script)).exitCode).toBe(0);
  });

  test.each([
    ["production", "no policy", { branch_policies: [] }],
    ["production-plan", "no policy", { branch_policies: [] }],
    ["production-plan", "another branch", { branch_policies: [{ name: "*", type: "branch" }] }],
    ["production-plan", "a tag", { branch_policies: [{ name: "main", type: "tag" }] }],
    [
      "production-plan",
      "a second branch",
      { branch_policies: [...main.branch_policies, { name: "release", type: "branch" }] },
    ],
  ])("stop the deploy if %s allows %s", async (environment, _, policies) => {
    const answers = { [path("production-plan")]: main, [path("production")]: main };
    runner.answer({ ...answers, [path(environment)]: policies });
    const { exitCode, log } = await runner.run(script);
    expect(exitCode).toBe(1);
    expect(log).toContain(`the environment ${environment} must allow only the branch main`);
  });

  test("are checked in the same way before a plan of a scheduled deploy", () => {
    expect(
      scriptIn("expiries.yml", "plan", "Check that only main can use the environments"),
    ).toEqual(script);
  });

  test("stop the deploy if GitHub does not answer", async () => {
    runner.answer({});
    expect((await runner.run(script)).exitCode).toBe(1);
  });

  test("are exactly those that the deploy checks", () => {
    const withSecrets = workflows
      .flatMap(({ workflow }) => Object.values(workflow.jobs))
      .filter((job) => JSON.stringify(job).includes("secrets."))
      .map((job) => job.environment);
    const [, checked] =
      /for environment in (.*); do/.exec(readFileSync(".github/scripts/only-main.sh", "utf8")) ??
      [];
    expect([...new Set(withSecrets)].sort()).toEqual(checked?.split(" ").sort());
  });

  test.each([".github/workflows/deploy.yml", ".gitlab-ci.yml", "docs/pipelines.md"])(
    "are equally dangerous and for main only, says %s",
    (file) => {
      const text = readFileSync(file, "utf8").replace(/[\s#`*",]+/g, " ");
      expect(text).toMatch(
        /as dangerous as production|equally dangerous|production-plan and production/,
      );
      expect(text).toMatch(/[Oo]nly the branch main/);
      expect(text).toContain("the secret of every customer");
    },
  );
});

test("a pull request has to be reviewed again if main has moved, says docs/pipelines.md", () => {
  expect(readFileSync("docs/pipelines.md", "utf8")).toContain("to be up to date before merging");
});
