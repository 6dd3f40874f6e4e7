import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { StepRunner } from "./support/step-runner.ts";
import { scriptIn } from "./support/workflows.ts";

const script = scriptIn("drift.yml", "drift", "Open, update or close the issue");
const issues = "repos/example/realm/issues";
const marker = "<!-- drift of production -->";
const list = `${issues}?labels=drift&state=open&per_page=100`;

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

/** Runs the script that follows a search for drift. */
async function after(drift: string, existing: readonly object[] = []) {
  runner.write({ "temp/drift.md": drift });
  runner.answer({ [list]: existing });
  const found = drift === "" ? "0" : "1";
  const variables = { FOUND: found, RUN_URL: "https://github.example/runs/3" };
  expect(await runner.run(script, variables)).toMatchObject({ exitCode: 0 });
  return runner.written();
}

describeScripts("the issue about drift", () => {
  const open = { number: 5, user: { login: "github-actions[bot]" }, body: marker };

  test("mentions nobody", async () => {
    const [issue] = await after("| `x` | -@octocat |\n");
    expect(issue).toMatchObject({ method: "POST", path: issues });
    expect(issue?.body.body).toBe(
      `${marker}\n| \`x\` | -@\u200boctocat |\n\n<sub>last seen by [this run](https://github.example/runs/3)</sub>`,
    );
  });

  test("fits into GitHub's 65,536 characters and ends after a whole row", async () => {
    const [issue] = await after(`| ${" @".repeat(40)} 株 |\n`.repeat(1000), [open]);
    expect(issue).toMatchObject({ method: "PATCH", path: `${issues}/5` });
    const body = String(issue?.body.body);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toMatch(/株 \|\n\n… The rest is in the run's summary\.\n\n<sub>/);
  });

  test("is closed when there is no drift any more", async () => {
    expect(await after("", [open])).toMatchObject([
      { method: "POST", path: `${issues}/5/comments` },
      { method: "PATCH", path: `${issues}/5`, body: { state: "closed" } },
    ]);
  });
});
