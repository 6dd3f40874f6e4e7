import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { allowOptions } from "../../cli/shared/options.ts";
import { type GitlabJob, gitlabPipelineIn } from "./support/gitlab-files.ts";
import { StepRunner } from "./support/step-runner.ts";
import { jobIn, type Script, scriptIn, workflowIn } from "./support/workflows.ts";

const github = workflowIn("deploy.yml");
const gitlab = gitlabPipelineIn(".gitlab-ci.yml");
const gitlabChild = gitlabPipelineIn(".gitlab/deploy-parts.yml");

/** The line of a GitLab job's script that runs a command. GitLab runs scripts in a shell that ends at the first failure. */
function gitlabScript({ script = [] }: GitlabJob = {}, command: string): Script {
  const lines = script.flatMap((each) => each.split("\n")).map((line) => line.trim());
  return {
    text:
      lines.find((line) => line.startsWith(`.ci/with-options npm run --silent ${command}`)) ?? "",
    shell: "bash --noprofile --norc -eo pipefail {0}",
  };
}

const scripts: [string, string, readonly string[], Script][] = [
  ["GitHub", "plan", ["plan", "--"], scriptIn("deploy.yml", "plan", "Plan")],
  ["GitHub", "join", ["plan", "--", "--join"], scriptIn("deploy.yml", "join", "Join the parts")],
  ["GitHub", "deploy", ["deploy", "--"], scriptIn("deploy.yml", "deploy", "Deploy")],
  ["GitLab", "plan", ["plan", "--"], gitlabScript(gitlab.jobs.plan, "plan")],
  ["GitLab", "join", ["plan", "--", "--join"], gitlabScript(gitlabChild.jobs.join, "plan")],
  ["GitLab", "deploy", ["deploy", "--"], gitlabScript(gitlabChild.jobs.deploy, "deploy")],
];
const options = ["removal", "replacement", "new-secret", "redirect", "many"].map(
  (name) => `allow-${name}`,
);
const variable = (option: string) => option.toUpperCase().replaceAll("-", "_");

/** Arguments with which npm runs a script. On GitHub, it gets the job's token. GitLab sets a variable to one. */
const run = (platform: string, command: readonly string[]) => [
  ...(platform === "GitHub" ? ["run", "--silent", "with-ci-token", "--", "npm"] : []),
  ...["run", "--silent"],
  ...command,
];

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
  runner.addNpm("done\n");
});
afterEach(() => {
  runner.remove();
});

describeScripts("a deploy that somebody starts by hand", () => {
  test("can override what only the deploy refuses, on GitHub", () => {
    const { inputs } = (github.on as { workflow_dispatch: { inputs: object } }).workflow_dispatch;
    expect(Object.keys(inputs).sort()).toEqual([...options, "all", "base"].sort());
    for (const option of options)
      expect(github.env).toHaveProperty(variable(option), `\${{ inputs.${option} }}`);
  });

  test("can override what only the deploy refuses, on GitLab", () => {
    for (const option of options)
      expect(gitlab.variables[variable(option)]).toEqual({
        value: "",
        description: expect.any(String),
      });
  });

  test("has an input for every option that overrides a guard rail", () => {
    const names = Object.values(allowOptions).map(({ long }) => long?.replace("--", ""));
    expect(options).toEqual(expect.arrayContaining(names));
  });
});

describeScripts.each(scripts)("on %s, the job %s", (platform, _, command, script) => {
  test("passes no option if nothing is overridden", async () => {
    expect(await runner.run(script)).toMatchObject({ exitCode: 0 });
    expect(runner.read("npm-arguments")).toBe([...run(platform, command), ""].join("\n"));
  });

  test("passes each value as one argument, whatever it contains", async () => {
    const values = ["acme, scope orders:read", "$(id)", "`id`; id", '"', "*"];
    const variables = Object.fromEntries(
      options.map((option, index) => [variable(option), values[index] ?? ""]),
    );
    await runner.run(script, { ...variables, BASE: "abc", ALL: "1" });
    expect(runner.read("npm-arguments")?.split("\n").slice(0, -1)).toEqual([
      ...run(platform, command),
      ...["--base=abc", "--all"],
      ...options.map((option, index) => `--${option}=${values[index] ?? ""}`),
    ]);
  });

  test("fails if the command fails", async () => {
    runner.addNpm("refused\n", { status: 1 });
    expect((await runner.run(script)).exitCode).toBe(1);
  });
});

describeScripts("the matrix of a plan on GitHub", () => {
  const divide = scriptIn("deploy.yml", "plan", "Divide the plan into parts");
  const twoParts = '{"PART":["1/2","2/2"]}';

  test.each([
    ["of one part is empty, so that the job plans at once", '{"PART":["1/1"]}', ""],
    ["of several parts is the output of the job", twoParts, `matrix=${twoParts}\n`],
  ])("%s", async (_, matrix, output) => {
    // the other output of the stub is a log
    runner.addProgram("npm", `echo "$*" > npm-call; echo '${matrix}'; echo "a message" >&2`);
    runner.write({ output: "" });
    expect(await runner.run(divide, { BASE: "abc", ALL: "1" })).toMatchObject({ exitCode: 0 });
    expect(runner.read("npm-call")).toBe("run --silent plan -- --shard-matrix --base=abc --all\n");
    expect(runner.read("output")).toBe(output);
  });

  test("fails the job if the command fails, or prints something else", async () => {
    runner.addNpm(twoParts, { status: 2 });
    expect((await runner.run(divide)).exitCode).toBe(2);
    runner.addNpm("no matrix");
    expect((await runner.run(divide)).exitCode).not.toBe(0);
    expect(runner.read("output")).toBeUndefined();
  });

  test("leaves the plan to its parts and the join", () => {
    const { plan, join, "plan-part": part } = github.jobs;
    const steps = plan?.steps.filter((step) => step.if !== undefined);
    expect(
      steps?.map(({ name, uses, if: condition }) => [name ?? uses?.split("@")[0], condition]),
    ).toEqual([
      ["Plan", "steps.matrix.outputs.matrix == ''"],
      ["actions/upload-artifact", "steps.matrix.outputs.matrix == ''"],
    ]);
    expect(part).toMatchObject({
      needs: "plan",
      if: "needs.plan.outputs.matrix != ''",
      strategy: { matrix: "${{ fromJSON(needs.plan.outputs.matrix) }}", "fail-fast": false },
    });
    expect(join).toMatchObject({ needs: ["plan", "plan-part"] });
    // a part that fails must keep the others from being joined
    expect(join).not.toHaveProperty("if");
  });

  test("is planned part by part, since the same base", async () => {
    const script = scriptIn("deploy.yml", "plan-part", "Plan a part");
    await runner.run(script, { PART: "2/3", BASE: "abc", ALL: "1" });
    const command = [...run("GitHub", ["plan", "--"]), "--part=2/3", "--base=abc", "--all", ""];
    expect(runner.read("npm-arguments")).toBe(command.join("\n"));
  });

  test("uploads each part under a name of its own, and the join downloads them all", () => {
    const options = (job: string, action: string) =>
      jobIn("deploy.yml", job).steps.find(({ uses }) => uses?.startsWith(`actions/${action}@`))
        ?.with;
    expect(options("plan-part", "upload-artifact")).toMatchObject({
      name: "plan-part-${{ strategy.job-index }}",
      path: "cdktf.out/plan",
    });
    expect(options("join", "download-artifact")).toEqual({
      pattern: "plan-part-*",
      "merge-multiple": true,
      path: "cdktf.out/plan",
    });
    expect(options("join", "upload-artifact")).toEqual(options("plan", "upload-artifact"));
  });

  test.each([
    ["a plan of one part", true, "success", "", "skipped", false],
    ["a joined plan", true, "success", twoParts, "success", false],
    ["a part that failed", false, "success", twoParts, "skipped", false],
    ["a join that is refused", false, "success", twoParts, "failure", false],
    ["a plan that is refused", false, "failure", "", "skipped", false],
    ["another branch than main", false, "skipped", "", "skipped", false],
    ["a run that was cancelled", false, "success", "", "skipped", true],
  ])("after %s, the job deploy runs: %s", (_, runs, plan, matrix, join, cancelled) => {
    const { needs, if: condition = "" } = jobIn("deploy.yml", "deploy");
    expect(needs).toEqual(["plan", "join"]);
    // the operators of GitHub are those of JavaScript
    const result: unknown = runInNewContext(condition.replace(/^\$\{\{|\}\}$/g, ""), {
      cancelled: () => cancelled,
      needs: { plan: { result: plan, outputs: { matrix } }, join: { result: join } },
    });
    expect(result).toBe(runs);
  });
});
