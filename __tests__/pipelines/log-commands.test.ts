import { chmodSync } from "node:fs";
import { join } from "node:path";
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
  ["ci.yml", "declaration", "Test the declaration"],
  ["review.yml", "review", "Review"],
  ["deploy.yml", "plan", "Plan"],
  ["deploy.yml", "deploy", "Deploy"],
  ["drift.yml", "drift", "Look for drift"],
  ["drift.yml", "verify", "Verify"],
  ["expiries.yml", "announce", "Look for accesses that end"],
  ["expiries.yml", "plan", "Plan"],
  ["expiries.yml", "suspend", "Deploy"],
] as const;
const checks = [
  ["review.yml", "review"],
  ["deploy.yml", "plan"],
] as const;

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

/** Adds programs that print forged commands: npm, and the tests of the declaration. */
function addPrograms(options: { readonly status?: number; readonly json?: string }): void {
  runner.addNpm(forged, options);
  runner.write({ "cdktf.out/plan/plan.json": '{"changes":[]}' });
  runner.write({ ".ci/declaration": "#!/usr/bin/env bash\nnpm\n" });
  chmodSync(join(runner.folder, ".ci/declaration"), 0o755);
}

describeScripts("what a command prints in a workflow", () => {
  test.each(scripts)("is never a command to GitHub: %s, %s, %s", async (file, job, step) => {
    addPrograms({ json: '{"overruled":[]}' });
    const { exitCode, log } = await runner.run(scriptIn(file, job, step), {
      GITHUB_BASE_REF: "main",
    });
    expect(exitCode).toBe(0);
    expect(commands(`${log}\n::notice::afterwards`)).toEqual(["::notice::afterwards"]);
  });

  test.each(scripts)(
    "is never a command if it fails either: %s, %s, %s",
    async (file, job, step) => {
      addPrograms({ status: 3 });
      const { exitCode, log } = await runner.run(scriptIn(file, job, step), {
        GITHUB_BASE_REF: "main",
      });
      expect(exitCode).toBe(3);
      expect(commands(`${log}\n::notice::afterwards`)).toEqual(["::notice::afterwards"]);
    },
  );

  test.each(checks)(
    "is shown by %s, %s if check annotates a file, and nothing else",
    async (file, job) => {
      const annotations = [
        "::error file=a.yaml,line=1,col=2::a %0A::error::b",
        "::warning::c",
        "::error file=a%3A.yaml::d",
      ];
      const others = ["::add-mask::a", "::stop-commands::b", "::errors::c", "text", "x ##[error]d"];
      const returned = "::warning::e\r::add-mask::f";
      const prints = [...annotations, ...others, returned].join("\n");
      for (const status of [0, 1]) {
        runner.addProgram(
          "npm",
          `[[ $* == "run --silent check -- --format=github" ]] && echo '${prints}'; exit ${status}`,
        );
        const { exitCode, log } = await runner.run(scriptIn(file, job, "Check"));
        expect(exitCode).toBe(status);
        expect(commands(log)).toEqual([...annotations, "::warning::e::add-mask::f"]);
      }
    },
  );

  test.each(checks)("is never a command of the text of check: %s, %s", async (file, job) => {
    runner.addProgram("npm", `cat '${join(runner.folder, "forged")}' >&2; exit 1`);
    runner.write({ forged });
    const { exitCode, log } = await runner.run(scriptIn(file, job, "Check"));
    expect(exitCode).toBe(1);
    expect(log).toContain("::error::forged");
    expect(commands(log)).toEqual([]);
  });

  test("would be a command without the shell of the workflows", async () => {
    runner.addNpm(forged);
    const shell = "bash --noprofile --norc -eo pipefail {0}";
    const { log } = await runner.run({ text: "npm run check", shell });
    expect(commands(log)).toHaveLength(8);
  });

  test("is stopped by another token in every step", async () => {
    const script = scriptIn("review.yml", "review", "Check");
    runner.addNpm("");
    const first = await runner.run(script);
    const second = await runner.run(script);
    expect(first.log).toMatch(/^::stop-commands::[0-9a-f-]{36}\n::[0-9a-f-]{36}::$/);
    expect(second.log).not.toBe(first.log);
  });

  test("comes only from workflows in this list", () => {
    const running = workflows.filter(({ text }) =>
      /npm run .*(check|review|plan|deploy|drift|verify)/.test(text),
    );
    expect(running.map(({ name }) => name)).toEqual([
      "deploy.yml",
      "drift.yml",
      "expiries.yml",
      "review.yml",
    ]);
  });
});
