import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { StepRunner } from "./support/step-runner.ts";
import { jobIn, scriptIn } from "./support/workflows.ts";

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

describeScripts("the job review", () => {
  const script = scriptIn("review.yml", "review", "Review");
  const base = { GITHUB_BASE_REF: "main" };

  test.each([0, 2])("reports that the review has %i overrides", async (count) => {
    const json = JSON.stringify({ overruled: Array.from({ length: count }, () => ({})) });
    runner.addNpm("a review\n", { json });
    expect(await runner.run(script, base)).toMatchObject({ exitCode: 0 });
    expect(runner.read("output")).toBe(`overrides=${count}\n`);
    expect(runner.read("temp/review/review.md")).toBe("a review\n");
    expect(runner.read("summary")).toBe("a review\n");
    expect(runner.read("npm-arguments")?.split("\n")).toContain("--base=origin/main");
  });

  test("fails with the status of a refused review, and publishes its text", async () => {
    runner.addNpm("refused\n", { status: 1, json: '{"overruled":[]}' });
    expect(await runner.run(script, base)).toMatchObject({ exitCode: 1 });
    expect(runner.read("output")).toBeUndefined();
    expect(runner.read("temp/review/review.md")).toBe("refused\n");
  });

  test("fails if the review has no number of overrides", async () => {
    runner.addNpm("a review\n", { json: "not JSON" });
    expect((await runner.run(script, base)).exitCode).not.toBe(0);
    expect(runner.read("output")).toBeUndefined();
  });
});

describeScripts("the job override", () => {
  const job = jobIn("review.yml", "override");
  const script = scriptIn("review.yml", "override", "Check that it was somebody else");
  const environment = "repos/example/realm/environments/override";
  const reviewers = { type: "required_reviewers", prevent_self_review: true, reviewers: [{}] };

  test("waits for the environment override, if and only if the review reports an override", () => {
    expect(job).toMatchObject({ needs: "review", environment: "override" });
    // GitHub starts the job only after the review has succeeded; if the number were missing, somebody would be asked
    expect(job.if).toBe("needs.review.outputs.overrides != '0'");
    expect(jobIn("review.yml", "review").outputs).toEqual({
      overrides: "${{ steps.review.outputs.overrides }}",
    });
  });

  test("passes if the environment requires another reviewer", async () => {
    runner.answer({ [environment]: { protection_rules: [{ type: "wait_timer" }, reviewers] } });
    expect(await runner.run(script)).toEqual({ exitCode: 0, log: "" });
  });

  test.each([
    ["has no rule", []],
    ["lets authors approve", [{ ...reviewers, prevent_self_review: false }]],
    ["restricts only branches", [{ type: "branch_policy" }]],
  ])("fails if the environment %s", async (_, rules) => {
    runner.answer({ [environment]: { protection_rules: rules } });
    expect(await runner.run(script)).toEqual({
      exitCode: 1,
      log: '::error::the environment "override" needs required reviewers, without self-review (docs/pipelines.md)',
    });
  });
});
