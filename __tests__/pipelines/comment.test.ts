import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { execa } from "execa";
import { StepRunner } from "./support/step-runner.ts";
import { scriptIn } from "./support/workflows.ts";

const script = scriptIn("comment.yml", "comment", "Post or update the comment");
const sha = "c".repeat(40);
const variables = {
  RUN_ID: "3",
  RUN_URL: "https://github.example/runs/3",
  HEAD_SHA: sha,
  HEAD_REPOSITORY: "outsider/realm",
  HEAD: "outsider:a&b",
};
const head = { sha, repo: { full_name: "outsider/realm" } };
const pulls = "repos/example/realm/pulls";
const search = `${pulls}?state=open&per_page=100&head=outsider%3Aa%26b`;
const comments = "repos/example/realm/issues/7/comments";

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

interface PullRequest {
  readonly files?: readonly { readonly filename: string }[];
  readonly count?: number;
  readonly others?: Readonly<Record<string, unknown>>;
}

/** Answers of GitHub's API for the pull request 7, whose run published an artifact. */
async function answer(
  { files = [{ filename: "customers.yaml" }], count, others = {} }: PullRequest = {},
  artifact: Readonly<Record<string, string>> = { "pull-request": "7\n", "review.md": "a review\n" },
) {
  runner.write(artifact);
  const names = Object.keys(artifact);
  if (names.length > 0)
    await execa("python3", ["-m", "zipfile", "-c", "artifact.zip", ...names], {
      cwd: runner.folder,
    });
  const artifacts =
    names.length > 0 ? [{ id: 5, size_in_bytes: 100, created_at: "2026-11-01" }] : [];
  runner.answer({
    [search]: [{ number: 7, head }],
    "repos/example/realm/actions/runs/3/artifacts?name=review&per_page=100": { artifacts },
    "repos/example/realm/actions/artifacts/5/zip": { file: join(runner.folder, "artifact.zip") },
    [`${pulls}/7`]: { changed_files: count ?? files.length },
    [`${pulls}/7/files?per_page=100`]: { pages: [files.slice(0, 1), files.slice(1)] },
    [`${comments}?per_page=100`]: [],
    ...others,
  });
}

/** Runs the workflow's script. @returns the comment's text without marker and footer */
async function comment(): Promise<string> {
  const { exitCode, log } = await runner.run(script, variables);
  expect({ exitCode, log }).toEqual({ exitCode: 0, log: "" });
  const [written] = runner.written();
  expect(written).toMatchObject({ method: "POST", path: comments });
  const body = String(written?.body.body);
  const footer = `\n<sub>by [this run](https://github.example/runs/3) for ${sha}</sub>`;
  expect(body.startsWith("<!-- review of production -->\n") && body.endsWith(footer)).toBe(true);
  return body.slice("<!-- review of production -->\n".length, -footer.length);
}

describeScripts("the comment", () => {
  test("is the review, if the pull request touches only the team's own files", async () => {
    await answer();
    expect(await comment()).toBe("a review\n");
  });

  test("first names the files outside the team's own, from every page of GitHub's list", async () => {
    const files = [{ filename: "package.json" }, { filename: "operations/review/review.ts" }];
    await answer({ files });
    expect(await comment()).toBe(
      "**This change edits what reviews it.** It touches 2 files outside the team's own: `package.json`, `operations/review/review.ts`.\n\na review\n",
    );
  });

  test.each([
    ["publishes nothing", {}],
    ["publishes no text", { "pull-request": "7\n" }],
    ["names no pull request", { "review.md": "forged\n" }],
    ["names a pull request with another head", { "pull-request": "8\n", "review.md": "forged\n" }],
    ["names several lines", { "pull-request": "7\n$(id)\n", "review.md": "forged\n" }],
  ])("names the files also if the run %s", async (_, artifact) => {
    await answer({ files: [{ filename: ".github/workflows/review.yml" }] }, artifact);
    expect(await comment()).toBe(
      "**This change edits what reviews it.** It touches 1 file outside the team's own: `.github/workflows/review.yml`.\n\n" +
        "There is no review: the run failed before that step.\n",
    );
  });

  test("reports that GitHub does not list every file", async () => {
    await answer({ count: 4000 });
    expect(await comment()).toMatch(/^\*\*GitHub lists only 1 of its 4000 files\.\*\*/);
  });

  test("replaces the earlier comment of the bot, and nobody else's", async () => {
    const marked = "<!-- review of production --> text";
    const others = {
      [`${comments}?per_page=100`]: [
        { id: 1, user: { login: "outsider" }, body: marked },
        { id: 2, user: { login: "github-actions[bot]" }, body: "another" },
        { id: 3, user: { login: "github-actions[bot]" }, body: marked },
      ],
    };
    await answer({ others });
    await runner.run(script, variables);
    expect(runner.written()).toMatchObject([
      { method: "PATCH", path: "repos/example/realm/issues/comments/3" },
    ]);
  });

  test("is not posted if no open pull request is at the commit of the run", async () => {
    const moved = [
      { number: 7, head: { ...head, sha: "d".repeat(40) } },
      { number: 8, head: { sha, repo: null } },
    ];
    await answer({ others: { [search]: moved } });
    const { exitCode, log } = await runner.run(script, variables);
    expect(log).toBe("::notice::no open pull request is at the commit of the run");
    expect({ exitCode, written: runner.written() }).toEqual({ exitCode: 0, written: [] });
  });

  test("is posted on the pull request that was reviewed, if the same head has several", async () => {
    const both = [
      { number: 8, head },
      { number: 7, head },
    ];
    await answer({ others: { [search]: both } });
    expect(await comment()).toBe("a review\n");
    expect(runner.written()).toHaveLength(1);
  });

  test("fails if GitHub does not list the files", async () => {
    await answer({ others: { [`${pulls}/7/files?per_page=100`]: undefined } });
    const { exitCode } = await runner.run(script, variables);
    expect({ exitCode, written: runner.written() }).toEqual({ exitCode: 1, written: [] });
  });

  test("has every row of a review with 250 long names, because GitHub counts characters, not bytes", async () => {
    const review = `${`| ${"株".repeat(140)} |\n`.repeat(250)}the end\n`;
    expect(Buffer.byteLength(review)).toBeGreaterThan(80_000);
    await answer({}, { "pull-request": "7\n", "review.md": review });
    expect(await comment()).toBe(review);
  });

  test("fits into GitHub's 65,536 characters after mentions are broken up", async () => {
    await answer({}, { "pull-request": "7\n", "review.md": `${" @".repeat(30)}\n`.repeat(1000) });
    const text = await comment();
    expect(String(runner.written()[0]?.body.body).length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/@\u200b\n\n… The rest is in the run's summary\.\n$/);
  });
});
