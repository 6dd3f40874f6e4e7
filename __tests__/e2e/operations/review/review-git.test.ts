import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { execaSync } from "execa";
import {
  customersWith,
  mainWith,
  ReviewedProject,
  three,
} from "../../support/projects/reviewed-project.ts";

let project: ReviewedProject;
let gitFolder: string;
beforeAll(() => {
  project = new ReviewedProject();
  gitFolder = join(project.folder, ".git");
  cpSync(join(gitFolder, "config"), join(project.root, "config"));
});
afterEach(() => {
  rmSync(join(gitFolder, "hooks"), { recursive: true, force: true });
  cpSync(join(project.root, "config"), join(gitFolder, "config"));
  project.reset();
});
afterAll(() => {
  project.remove();
});

test("a review in a pre-commit hook changes neither the index nor the commit", () => {
  const hook = join(gitFolder, "hooks/pre-commit");
  mkdirSync(dirname(hook), { recursive: true });
  const output = join(project.root, "hook");
  const review = `${JSON.stringify(process.execPath)} system/run.mjs cli/review.ts --base "$(git rev-parse HEAD~1)"`;
  writeFileSync(hook, `#!/bin/sh\nREALM_ENV=production ${review} >'${output}' 2>&1\n`);
  chmodSync(hook, 0o755);
  project.write({ "colleague.txt": "theirs", "main.ts": mainWith({ displayName: '"New"' }) });
  project.git("add", "--all");
  // the hook would run for this commit too
  project.git("commit", "--quiet", "--no-verify", "--message", "of a colleague");
  project.write({ "customers.yaml": customersWith(...three, "hooli"), "own.txt": "mine" });
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", "own");
  expect(readFileSync(output, "utf8")).toMatch(
    /^Adds the customer `hooli` and changes settings of/m,
  );
  expect(project.git("show", "--name-status", "--format=").split("\n")).toEqual([
    "M\tcustomers.yaml",
    "A\town.txt",
  ]);
  expect(project.git("status", "--porcelain")).toBe("");
});

test("replaced objects, and settings of the clone that hide files or run programs, have no effect", async () => {
  const { folder } = project;
  const program = join(project.root, "hide-changes");
  const called = join(project.root, "called");
  writeFileSync(program, `#!/bin/sh\ntouch '${called}'\n`);
  chmodSync(program, 0o755);
  project.git("config", "core.fsmonitor", program);
  project.git("config", "status.showUntrackedFiles", "no");
  project.git("config", "diff.relative", "true");
  const without = customersWith("globex", "initech");
  const replacement = execaSync("git", ["hash-object", "-w", "--stdin"], {
    cwd: folder,
    input: without,
  });
  project.git("replace", project.git("rev-parse", "HEAD:customers.yaml"), replacement.stdout);
  project.write({ "customers.yaml": without, "untracked.mjs": "" });
  rmSync(called, { force: true });
  const json = await project.jsonSince("HEAD");
  expect(existsSync(called)).toBe(false);
  expect(json.customers.removed).toMatchObject([{ id: "acme" }]);
  expect(json.head?.workTreeChanged).toBe(true);
  expect(json.editsReview).toEqual(["untracked.mjs"]);
});

const secrets = {
  KEYCLOAK_CLIENT_SECRET: "s3cret",
  PG_CONN_STR: "postgres://atlas:s3cret@localhost/atlas",
  npm_config__authToken: "s3cret",
};

const seen = (name: string) => join(project.root, name);
const noteVariables = (name: string) =>
  `writeFileSync(${JSON.stringify(seen(name))}, JSON.stringify(process.env));`;

test("main.ts sees no credentials on either side", async () => {
  const noting = (name: string) =>
    mainWith({ imports: `import { writeFileSync } from "node:fs";\n${noteVariables(name)}` });
  const base = project.commit("base", { "main.ts": noting("base") });
  project.commit("head", { "main.ts": noting("head") });
  expect(await project.reviewSince(base, secrets)).toMatchObject({ exitCode: 0 });
  for (const name of ["base", "head"]) {
    const variables = readFileSync(seen(name), "utf8");
    expect(JSON.parse(variables)).toMatchObject({ REALM_ENV: "production" });
    expect(variables.includes("s3cret")).toBe(false);
  }
});

test("an install script of the base sees no credentials", async () => {
  const root = { name: "base", version: "1.0.0" };
  writeFileSync(
    seen("note.cjs"),
    `const { writeFileSync } = require("fs");\n${noteVariables("script")}`,
  );
  // it ends with an error, because the packages that this base does not have cannot be imported
  const preinstall = `node ${JSON.stringify(seen("note.cjs"))} && exit 7`;
  const base = project.commit("script", {
    "package.json": JSON.stringify({ ...root, type: "module", scripts: { preinstall } }),
    "package-lock.json": JSON.stringify({ ...root, lockfileVersion: 3, packages: { "": root } }),
  });
  project.git("revert", "--no-edit", "HEAD");
  const { stderr, exitCode } = await project.reviewSince(base, secrets);
  expect(stderr).toMatch(/^npm ci failed:\n/);
  expect(exitCode).toBe(3);
  const variables = readFileSync(seen("script"), "utf8");
  expect(JSON.parse(variables)).toMatchObject({ npm_lifecycle_event: "preinstall" });
  expect(variables.includes("s3cret")).toBe(false);
});
