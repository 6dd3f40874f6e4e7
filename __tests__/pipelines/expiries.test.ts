import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { gitlabPipelineIn } from "./support/gitlab-files.ts";
import { StepRunner } from "./support/step-runner.ts";
import { jobIn, type Script, scriptIn, workflowIn } from "./support/workflows.ts";

const { expiries } = gitlabPipelineIn(".gitlab-ci.yml").jobs;

/** The lines of the GitLab job that choose the commit and deploy it. */
const onGitLab: Script = {
  text: expiries?.script?.slice(-5).join("\n") ?? "",
  shell: "bash --noprofile --norc -eo pipefail {0}",
};
const onGitHub = scriptIn("expiries.yml", "plan", "Check out the commit that was deployed last");

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

/** Adds the platform's answer, and a Git that keeps its arguments and knows one commit of main. */
function addPrograms(deployed: string): void {
  runner.addProgram("gh", `echo '${deployed}'`);
  runner.addProgram("node", `printf '%s' '${deployed}'`);
  runner.addProgram("npm", `echo "npm $*" >> '${runner.folder}/calls'`);
  const isKnown = '[[ $1 != merge-base || "$*" == "merge-base --is-ancestor abc HEAD" ]]';
  runner.addProgram("git", `echo "git $*" >> '${runner.folder}/calls'; ${isKnown}`);
}

describeScripts.each([
  ["GitHub", onGitHub, []],
  [
    "GitLab",
    onGitLab,
    ["npm ci", "npm run --silent deploy -- --auto-approve --only-expired --base=abc"],
  ],
])("the scheduled deploy on %s", (_, script, more) => {
  test("takes the commit that was deployed last, and no later one", async () => {
    addPrograms("abc");
    expect(await runner.run(script)).toMatchObject({ exitCode: 0 });
    expect(runner.read("calls")?.trim().split("\n")).toEqual([
      "git merge-base --is-ancestor abc HEAD",
      "git checkout --quiet --detach abc",
      ...more,
    ]);
  });

  test.each(["", "of-another-branch"])("deploys nothing if that is %j", async (deployed) => {
    addPrograms(deployed);
    const { exitCode, log } = await runner.run(script);
    expect(exitCode).toBe(1);
    expect(log).toContain("no commit of main is known to be deployed");
    expect(runner.read("calls") ?? "").not.toMatch(/checkout|deploy/);
  });
});

describeScripts("the scheduled deploy on GitHub", () => {
  test("asks nobody if there is nothing to change", async () => {
    expect(jobIn("expiries.yml", "suspend")).toMatchObject({
      if: "needs.plan.outputs.changes != '0'",
      environment: "production",
    });
    runner.addNpm("");
    const changes = [{ actions: ["no-op"] }, { actions: ["update"] }];
    runner.write({ "cdktf.out/plan/plan.json": JSON.stringify({ changes }) });
    await runner.run(scriptIn("expiries.yml", "plan", "Plan"), { DEPLOYED: "abc" });
    expect(runner.read("output")).toContain("changes=1\n");
  });

  test.each([
    ["abc", 0],
    ["def", 1],
    ["", 1],
  ])(
    "after the approval, compares the planned commit with the last one: %j",
    async (last, status) => {
      addPrograms(last);
      const name = "Check that no other commit has been deployed since the plan";
      const script = scriptIn("expiries.yml", "suspend", name);
      const { exitCode, log } = await runner.run(script, { DEPLOYED: "abc" });
      expect(exitCode).toBe(status);
      expect(runner.read("calls")).toBe(
        status === 0 ? "git checkout --quiet --detach abc\n" : undefined,
      );
      expect(log.includes("has been deployed since the plan, which is of abc")).toBe(status === 1);
    },
  );

  test("is not ended by a later run while it applies", () => {
    expect(workflowIn("expiries.yml")).not.toHaveProperty("concurrency");
    expect(jobIn("expiries.yml", "suspend")).toHaveProperty("concurrency", {
      ...{ group: "suspend-production", "cancel-in-progress": false },
    });
  });
});
