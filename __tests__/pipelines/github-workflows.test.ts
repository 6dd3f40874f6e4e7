import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { type Permissions, type Workflow, workflowIn, workflows } from "./support/workflows.ts";

const action = readFileSync(".github/actions/setup/action.yml", "utf8");
const jobs = workflows.flatMap(({ name, workflow }) =>
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

const privileged = workflows.filter(
  ({ text, workflow }) =>
    /\bsecrets\b/.test(text) ||
    mayWrite(workflow.permissions) ||
    Object.values(workflow.jobs).some(({ permissions }) => mayWrite(permissions)),
);

describe("actions", () => {
  const used = [action, ...workflows.map(({ text }) => text)]
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
  test("is one of comment, deploy, drift and expiries", () => {
    expect(privileged.map(({ name }) => name).sort()).toEqual([
      "comment.yml",
      "deploy.yml",
      "drift.yml",
      "expiries.yml",
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

test("a workflow that runs after a pull request's workflow checks out only main's scripts", () => {
  const following = workflows.filter(({ workflow }) => events(workflow).includes("workflow_run"));
  const steps = following
    .flatMap(({ workflow }) => Object.values(workflow.jobs))
    .flatMap((job) => job.steps);
  const using = steps.filter(({ uses }) => uses !== undefined);
  expect(using.length).toBeGreaterThan(0);
  for (const { uses, with: options } of using) {
    expect(uses).toMatch(/^actions\/checkout@/);
    expect(options).toEqual({
      "persist-credentials": false,
      "sparse-checkout": ".ci\n.github/scripts\nenvironments\n",
    });
  }
});

describe("a job that logs in to Keycloak", () => {
  const using = jobs.filter(({ job }) => JSON.stringify(job).includes("with-ci-token"));

  test("is one of these", () => {
    expect(using.map(({ name }) => name).sort()).toEqual([
      "deploy.yml deploy",
      "deploy.yml join",
      "deploy.yml plan",
      "deploy.yml plan-part",
      "drift.yml drift",
      "drift.yml verify",
      "expiries.yml plan",
      "expiries.yml suspend",
    ]);
  });

  test("is the only one that gets a token", () => {
    const withToken = jobs.filter(({ job, workflow }) =>
      JSON.stringify([job.permissions, workflow.permissions]).includes("id-token"),
    );
    expect(withToken.map(({ name }) => name)).toEqual(using.map(({ name }) => name));
  });

  test.each(using)("gets a token of its environment: $name", ({ job }) => {
    expect(job.permissions).toHaveProperty("id-token", "write");
    expect(["production-plan", "production"]).toContain(job.environment);
  });

  test.each(using)("gives no token to the install scripts of packages: $name", ({ job }) => {
    const installing = job.steps.filter(({ run }) => run?.includes("npm ci"));
    expect(installing.map(({ run }) => run)).toEqual([
      "env -u ACTIONS_ID_TOKEN_REQUEST_URL -u ACTIONS_ID_TOKEN_REQUEST_TOKEN npm ci",
    ]);
  });

  test.each(using)(
    "is the deployer only in the environment that asks for approval: $name",
    ({ job }) => {
      const ids = job.steps.flatMap(({ env }) => env?.KEYCLOAK_CLIENT_ID ?? []);
      const id = job.environment === "production" ? "deployer" : "deployer-reader";
      expect(ids).toEqual([`\${{ secrets.KEYCLOAK_CLIENT_ID || '${id}' }}`]);
    },
  );
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
  expect(workflowIn("comment.yml").on).toEqual({
    workflow_run: { workflows: ["review"], types: ["completed"] },
  });
  expect(workflowIn("review.yml")).toHaveProperty("name", "review");
});

test("the review runs again if a pull request gets another base", () => {
  const types = ["opened", "synchronize", "reopened", "edited"];
  expect(workflowIn("review.yml").on).toEqual({ pull_request: { types } });
  // GitHub counts a skipped check as passed
  expect(workflowIn("review.yml").jobs.review).not.toHaveProperty("if");
});
