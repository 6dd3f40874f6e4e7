import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { StepRunner } from "./support/step-runner.ts";
import { scriptIn, workflows } from "./support/workflows.ts";

/**
 * The lines of a log that GitHub's runner takes as commands.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
 */
function commands(log: string): string[] {
  let token: string | undefined;
  return log.split("\n").filter((line) => {
    const name = /^\s*::([^ :]+).*?::/.exec(line)?.[1] ?? /##\[([^\] ]+).*?\]/.exec(line)?.[1];
    if (token !== undefined) {
      if (name === token) token = undefined;
      return false;
    }
    if (name === "stop-commands") {
      token = line.split("::").at(-1);
      return false;
    }
    return name !== undefined;
  });
}

const forged =
  "fine\n::error::forged\n  ::add-mask::a\nx ##[error]forged\n::set-output name=a::b\n";
const scripts = [
  ["review.yml", "review", "npm run check"],
  ["review.yml", "review", "Review"],
  ["deploy.yml", "plan", "npm run check"],
  ["deploy.yml", "plan", "Plan"],
  ["deploy.yml", "deploy", "Deploy"],
  ["drift.yml", "drift", "Look for drift"],
] as const;

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

describeScripts("what a command prints in a workflow", () => {
  test.each(scripts)("is never a command to GitHub: %s, %s, %s", async (file, job, step) => {
    runner.addNpm(forged, { json: '{"overruled":[]}' });
    const { exitCode, log } = await runner.run(scriptIn(file, job, step), {
      GITHUB_BASE_REF: "main",
    });
    expect(exitCode).toBe(0);
    expect(commands(`${log}\n::notice::afterwards`)).toEqual(["::notice::afterwards"]);
  });

  test.each(scripts)(
    "is never a command if it fails either: %s, %s, %s",
    async (file, job, step) => {
      runner.addNpm(forged, { status: 3 });
      const { exitCode, log } = await runner.run(scriptIn(file, job, step), {
        GITHUB_BASE_REF: "main",
      });
      expect(exitCode).toBe(3);
      expect(commands(`${log}\n::notice::afterwards`)).toEqual(["::notice::afterwards"]);
    },
  );

  test("would be a command without the shell of the workflows", async () => {
    runner.addNpm(forged);
    const shell = "bash --noprofile --norc -eo pipefail {0}";
    const { log } = await runner.run({ text: "npm run check", shell });
    expect(commands(log)).toHaveLength(8);
  });

  test("is stopped by another token in every step", async () => {
    const script = scriptIn("review.yml", "review", "npm run check");
    runner.addNpm("");
    const first = await runner.run(script);
    const second = await runner.run(script);
    expect(first.log).toMatch(/^::stop-commands::[0-9a-f-]{36}\n::[0-9a-f-]{36}::$/);
    expect(second.log).not.toBe(first.log);
  });

  test("comes only from workflows in this list", () => {
    const running = workflows.filter(({ text }) =>
      /npm run .*(check|review|plan|deploy|drift)/.test(text),
    );
    expect(running.map(({ name }) => name)).toEqual(["deploy.yml", "drift.yml", "review.yml"]);
  });
});
