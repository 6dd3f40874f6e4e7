import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { baseOf } from "../../../../operations/review/base/git/git.ts";
import { committedFiles } from "../../../../operations/review/base/git/git-files.ts";
import { environmentAtBase, folderAtBase } from "../../../../operations/review/base/pairing.ts";
import { readWorkTree } from "../../../../operations/review/base/git/work-tree.ts";
import type { Environment } from "../../../../configuration/environment.ts";
import { Repository } from "../repository.ts";

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

/** An environment's text. */
const environmentWith = (state: string, host = "login.example.com") =>
  `keycloak: { url: https://${host} }\nstate: ${state}\n`;

const production = environmentWith("{ type: pg }");
const elsewhere = environmentWith("{ type: pg }", "login.example.org");

/** The files of a project in a folder. */
const projectIn = (folder: string, environment = production) => ({
  [`${folder}main.ts`]: "",
  [`${folder}cdktf.json`]: "{}",
  [`${folder}customers.yaml`]: "customers: {}",
  [`${folder}environments/production.yaml`]: environment,
});

/** The place at a base of the project in a folder, and of its environment. */
async function placeSince(commit: string, name = "production", folder = "", copiesCount = true) {
  const base = await baseOf(commit, repository.folder);
  const environment = { name, customers: "customers.yaml" } as Environment;
  const tree = await readWorkTree(environment, join(repository.folder, folder));
  const files = await committedFiles(base, tree.folder);
  const place = await folderAtBase(base, files, tree, name, copiesCount);
  if (!place) return { prefix: undefined };
  const project = { base, files, prefix: place.name, folder: tree.folder };
  const paired = await environmentAtBase(project, tree, name, copiesCount);
  return { prefix: place.name, environment: paired?.name };
}

function move(from: string, to: string): void {
  renameSync(join(repository.folder, from), join(repository.folder, to));
  repository.git("add", "--all");
}

const usage = (message: string) => ({ exitStatus: 2, message: expect.stringContaining(message) });

describe("an environment", () => {
  test("has the same name at the base, whatever else is gone", async () => {
    const base = repository.commit("first", { ...projectIn(""), "environments/test.yaml": "" });
    rmSync(join(repository.folder, "environments/test.yaml"));
    expect(await placeSince(base)).toEqual({ prefix: "", environment: "production" });
  });

  test("has the name of the only one that is gone", async () => {
    const base = repository.commit("first", { ...projectIn(""), "environments/test.yaml": "a" });
    repository.write({ "environments/prod.yaml": "nothing alike" });
    move("environments/production.yaml", "environments/live.yaml");
    expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment: "production" });
  });

  test("has the name of the one that Git finds renamed, if several are gone", async () => {
    const base = repository.commit("first", { ...projectIn(""), "environments/test.yaml": "a" });
    repository.git("rm", "--quiet", "environments/test.yaml");
    move("environments/production.yaml", "environments/prod.yaml");
    expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment: "production" });
  });

  test("is refused if several are gone and Git finds none renamed", async () => {
    const base = repository.commit("first", { ...projectIn(""), "environments/test.yaml": "a" });
    repository.git("rm", "--quiet", "-r", "environments");
    repository.commit("another", { "environments/prod.yaml": "nothing alike" });
    await expect(placeSince(base, "prod")).rejects.toMatchObject(
      usage(
        `the environment "prod" is new since the base "${base}" (${base.slice(0, 7)}), and several are gone: "production", "test"; rename one environment per change`,
      ),
    );
  });

  test("is new if none is gone", async () => {
    const base = repository.commit("first", projectIn(""));
    repository.commit("another", { "environments/prod.yaml": "state: { type: pg }\n" });
    expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment: undefined });
  });

  test.each([
    ["a copy", production],
    [
      "written otherwise",
      "state: {type: pg}\nlimits: {customers: 9}\nkeycloak: {basePath: '', url: https://login.example.com/}\n",
    ],
  ])(
    "has the name of the one that is still there, if it is %s with the same Keycloak and state",
    async (_, text) => {
      const base = repository.commit("first", projectIn(""));
      repository.commit("another", { "environments/prod.yaml": text });
      expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment: "production" });
    },
  );

  test.each([
    ["another Keycloak", elsewhere],
    [
      "another base path",
      "keycloak: { url: https://login.example.com, basePath: /auth }\nstate: { type: pg }\n",
    ],
    ["another state", environmentWith("{ type: pg, schemaName: b }")],
  ])("is new if it has %s than the one that is still there", async (_, text) => {
    const base = repository.commit("first", projectIn(""));
    repository.commit("another", { "environments/prod.yaml": text });
    expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment: undefined });
  });

  test("has the name of the one that is gone, although one that is still there has the same Keycloak and state", async () => {
    const base = repository.commit("first", {
      ...projectIn(""),
      "environments/staging.yaml": production,
    });
    move("environments/staging.yaml", "environments/stage.yaml");
    expect(await placeSince(base, "stage")).toEqual({ prefix: "", environment: "staging" });
  });

  test("has the name of the one with the same Keycloak and state, although another one is gone", async () => {
    const base = repository.commit("first", { ...projectIn(""), "environments/test.yaml": "a" });
    repository.git("rm", "--quiet", "environments/test.yaml");
    repository.commit("another", { "environments/prod.yaml": production });
    expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment: "production" });
  });

  test("is new if several that are still there have the same Keycloak and state", async () => {
    const base = repository.commit("first", {
      ...projectIn(""),
      "environments/staging.yaml": production,
    });
    repository.commit("another", { "environments/prod.yaml": production });
    expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment: undefined });
  });

  test("has the name of the one that is gone if copies do not count", async () => {
    const base = repository.commit("first", { ...projectIn(""), "environments/test.yaml": "a" });
    repository.git("rm", "--quiet", "environments/test.yaml");
    repository.commit("another", { "environments/stage.yaml": production });
    expect(await placeSince(base, "stage", "", false)).toEqual({ prefix: "", environment: "test" });
  });

  test.each([
    [
      "may be a copy of one with the same file as its local state",
      "{ type: local, path: a }",
      "production",
    ],
    ["is new if both have a local state without a path", "{ type: local }", undefined],
  ])("%s, in the same project", async (_, state, environment) => {
    const local = environmentWith(state);
    const base = repository.commit("first", projectIn("", local));
    repository.commit("another", { "environments/prod.yaml": local });
    expect(await placeSince(base, "prod")).toEqual({ prefix: "", environment });
  });
});

describe("a project", () => {
  test("comes from the only folder with a project that is gone", async () => {
    const base = repository.commit("first", { ...projectIn("a/b/"), "app/main.ts": "" });
    move("a/b", "c");
    expect(await placeSince(base, "production", "c")).toEqual({
      prefix: "a/b/",
      environment: "production",
    });
  });

  test("may come from the top of the repository, and its environment may be renamed too", async () => {
    const base = repository.commit("first", projectIn(""));
    repository.write({ "realm/.keep": "" });
    for (const name of ["main.ts", "cdktf.json", "customers.yaml", "environments"])
      move(name, `realm/${name}`);
    move("realm/environments/production.yaml", "realm/environments/prod.yaml");
    expect(await placeSince(base, "prod", "realm")).toEqual({
      prefix: "",
      environment: "production",
    });
  });

  test("is refused if it may come from several folders", async () => {
    const base = repository.commit("first", { ...projectIn("a/"), ...projectIn("") });
    for (const file of Object.keys(projectIn(""))) rmSync(join(repository.folder, file));
    move("a", "b");
    await expect(placeSince(base, "production", "b")).rejects.toMatchObject(
      usage('has no project in this folder, but in several that are gone: "a", "."; move one'),
    );
  });

  test("is a copy of one that is still there, if an environment has the same Keycloak and state", async () => {
    const base = repository.commit("first", projectIn("a/"));
    repository.commit("second", projectIn("b/"));
    expect(await placeSince(base, "production", "b")).toEqual({
      prefix: "a/",
      environment: "production",
    });
  });

  test("is a copy of one whose other environments are still there", async () => {
    const base = repository.commit("first", {
      ...projectIn("a/"),
      "a/environments/staging.yaml": production,
    });
    repository.commit("second", {
      ...projectIn("b/"),
      "b/environments/eu.yaml": production,
    });
    repository.git("rm", "--quiet", "b/environments/production.yaml");
    expect(await placeSince(base, "eu", "b")).toEqual({ prefix: "a/", environment: undefined });
  });

  test("is new if its path of a local state is relative to another folder", async () => {
    const local = environmentWith("{ type: local, path: a }");
    const base = repository.commit("first", projectIn("a/", local));
    repository.commit("second", projectIn("b/", local));
    expect(await placeSince(base, "production", "b")).toEqual({ prefix: undefined });
  });

  test("is a copy of one that is still there, although another one is gone", async () => {
    const base = repository.commit("first", {
      ...projectIn("a/"),
      ...projectIn("b/", elsewhere),
    });
    repository.git("rm", "--quiet", "-r", "b");
    repository.commit("second", projectIn("c/"));
    expect(await placeSince(base, "production", "c")).toEqual({
      prefix: "a/",
      environment: "production",
    });
  });

  test("is new if the others are still there and deploy elsewhere", async () => {
    const base = repository.commit("first", projectIn("a/"));
    repository.commit("second", projectIn("b/", elsewhere));
    expect(await placeSince(base, "production", "b")).toEqual({ prefix: undefined });
  });
});
