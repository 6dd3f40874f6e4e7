import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
type Permissions = string | Readonly<Record<string, string>>;
interface Job {
  readonly permissions?: Permissions;
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}
interface Workflow {
  readonly on: string | Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = ".github/workflows";
const files = readdirSync(folder).map((name) => {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  return { name, text, workflow: parse(text) as Workflow };
});
const action = readFileSync(".github/actions/setup/action.yml", "utf8");
const jobs = files.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name} ${id}`, job, workflow })),
);

function events({ on }: Workflow): string[] {
  return typeof on === "string" ? [on] : Object.keys(on);
}

function mayWrite(permissions: Permissions | undefined): boolean {
  if (permissions === undefined) return false;
  return Object.values(typeof permissions === "string" ? [permissions] : permissions).some(
    (access) => access.includes("write"),
  );
}

const privileged = files.filter(
  ({ text, workflow }) =>
    /\bsecrets\b/.test(text) ||
    mayWrite(workflow.permissions) ||
    Object.values(workflow.jobs).some(({ permissions }) => mayWrite(permissions)),
);

describe("actions", () => {
  const used = [action, ...files.map(({ text }) => text)]
    .flatMap((text) => text.match(/^.*\buses:.*$/gm) ?? [])
    .map((line) => line.replace(/^[\s-]*uses:\s*/, ""));
  const external = used.filter((use) => !use.startsWith("./"));

  test("are pinned to a commit, with their version in a comment", () => {
    expect(external.length).toBeGreaterThan(0);
    for (const use of external)
      expect(use).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("are pinned to the same commit in every workflow", () => {
    const names = new Set(external.map((use) => use.split("@")[0]));
    expect(new Set(external).size).toBe(names.size);
  });
});

describe("a workflow with secrets or a token that may write", () => {
  test("is one of comment, deploy and drift", () => {
    expect(privileged.map(({ name }) => name).sort()).toEqual([
      "comment.yml",
      "deploy.yml",
      "drift.yml",
    ]);
  });

  test.each(privileged)("is not triggered by a pull request: $name", ({ workflow }) => {
    const safe = ["push", "schedule", "workflow_dispatch", "workflow_run"];
    expect(safe).toEqual(expect.arrayContaining(events(workflow)));
  });

  test.each(privileged)("checks out only main: $name", ({ workflow }) => {
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    for (const { with: options } of checkouts) {
      expect(options).not.toHaveProperty("ref");
      expect(options).not.toHaveProperty("repository");
    }
  });
});

test("a workflow that runs after a pull request's workflow uses no action, so it checks out nothing", () => {
  const following = files.filter(({ workflow }) => events(workflow).includes("workflow_run"));
  const steps = following
    .flatMap(({ workflow }) => Object.values(workflow.jobs))
    .flatMap((job) => job.steps);
  expect(steps.filter(({ uses }) => uses !== undefined)).toEqual([]);
});

describe("every job", () => {
  test.each(jobs)("has a timeout and explicit permissions: $name", ({ job, workflow }) => {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    expect(job.permissions ?? workflow.permissions).toEqual(expect.any(Object));
  });

  test.each(jobs)("leaves no token in the work tree: $name", ({ job }) => {
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    for (const { with: options } of checkouts)
      expect(options).toHaveProperty("persist-credentials", false);
  });

  test.each(jobs)("passes values to scripts only as environment variables: $name", ({ job }) => {
    expect(job.steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });
});

test("the comment workflow runs after the review workflow", () => {
  const named = (file: string) => files.find(({ name }) => name === file)?.workflow;
  expect(named("comment.yml")?.on).toEqual({
    workflow_run: { workflows: ["review"], types: ["completed"] },
  });
  expect(named("review.yml")).toHaveProperty("name", "review");
});
