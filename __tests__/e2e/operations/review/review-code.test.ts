import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { execaSync } from "execa";
import {
  customersWith,
  environmentWith,
  mainWith,
  ReviewedProject,
  three,
} from "../../support/projects/reviewed-project.ts";

let project: ReviewedProject;
beforeAll(() => {
  project = new ReviewedProject();
});
afterEach(() => {
  project.reset();
});
afterAll(() => {
  project.remove();
});

describe("the base runs with its own code if the change edits", () => {
  test("JSON that main.ts imports", async () => {
    const base = project.commit("json", {
      "apis.json": '["orders:read", "orders:admin"]',
      "main.ts": mainWith({
        imports: 'import apis from "./apis.json" with { type: "json" };',
        permissions: "apis",
      }),
    });
    project.commit("fewer", { "apis.json": '["orders:read"]' });
    const { apis, refused } = await project.jsonSince(base);
    expect(apis.changed).toMatchObject([{ id: "atlas-api", removed: ["orders:admin"] }]);
    expect(refused.map(({ names }) => names)).toEqual([["scope orders:admin"]]);
  });

  test("a document that main.ts reads", async () => {
    const base = project.commit("names", {
      "docs/names.md": "Old",
      "main.ts": mainWith({
        imports: 'import { readFileSync } from "node:fs";',
        displayName: 'readFileSync(new URL("docs/names.md", import.meta.url), "utf8")',
      }),
    });
    project.write({ "docs/names.md": "New" });
    const { settings } = await project.jsonSince(base);
    expect(settings).toMatchObject([{ attribute: "display_name", from: "Old", to: "New" }]);
  });

  test.each(["name.mjs", "__tests__/name.ts"])("%s, which main.ts imports", async (file) => {
    const imports = `import { name } from "./${file}";`;
    const base = project.commit("module", {
      [file]: 'export const name = "Old";\n',
      "main.ts": mainWith({ imports, displayName: "name" }),
    });
    project.write({ [file]: 'export const name = "New";\n' });
    const { settings } = await project.jsonSince(base);
    expect(settings).toMatchObject([{ attribute: "display_name", from: "Old", to: "New" }]);
  });

  test("a submodule, and the repository's configuration stays as it is", async () => {
    const library = join(project.root, "library");
    const config = join(project.root, "gitconfig");
    // Git clones submodules from this machine only if it is allowed
    writeFileSync(
      config,
      '[protocol "file"]\nallow = always\n[user]\nname = T\nemail = t@example.com\n',
    );
    const env = { ...process.env, GIT_CONFIG_GLOBAL: config };
    const git = (cwd: string, ...args: readonly string[]) => execaSync("git", args, { cwd, env });
    const release = (name: string) => {
      writeFileSync(join(library, "name.ts"), `export const name = "${name}";\n`);
      git(library, "add", ".");
      git(library, "commit", "--quiet", "--message", name);
    };
    mkdirSync(library);
    git(library, "init", "--quiet", "--initial-branch=main");
    release("Old");
    const { folder } = project;
    git(folder, "submodule", "--quiet", "add", library, "lib");
    const imports = 'import { name } from "./lib/name.ts";';
    const base = project.commit("submodule", {
      "main.ts": mainWith({ imports, displayName: "name" }),
    });
    release("New");
    git(join(folder, "lib"), "pull", "--quiet", "origin", "main");
    project.commit("later");
    git(folder, "config", "--remove-section", "submodule.lib");
    const before = readFileSync(join(folder, ".git/config"), "utf8");
    const { settings } = await project.jsonSince(base, { GIT_CONFIG_GLOBAL: config });
    expect(settings).toMatchObject([{ attribute: "display_name", from: "Old", to: "New" }]);
    expect(readFileSync(join(folder, ".git/config"), "utf8")).toBe(before);

    const refused = await project.reviewSince(base);
    expect(refused.stderr).toMatch(
      /^git cannot check out the submodules of the base:\n[^]*protocol|transport/,
    );
    expect(refused.exitCode).toBe(3);
    expect(readFileSync(join(folder, ".git/config"), "utf8")).toBe(before);
    rmSync(join(folder, "lib"), { recursive: true });
    rmSync(join(folder, ".git/modules"), { recursive: true });
  });

  test("not if it edits only the customers and the environment", async () => {
    // the base's own code could not run, because it does not find this file
    const base = project.commit("needs a file that Git does not have", {
      ".gitignore": `${project.read(".gitignore")}name.ts\n`,
      "main.ts": mainWith({ imports: 'import { name } from "./name.ts";', displayName: "name" }),
    });
    project.write({
      "name.ts": 'export const name = "Atlas";\n',
      "customers.yaml": customersWith(...three, "hooli"),
      "environments/production.yaml": environmentWith("limits: { percent: 20 }"),
    });
    const { customers } = await project.jsonSince(base);
    expect(customers.added).toMatchObject([{ id: "hooli" }]);
    rmSync(join(project.folder, "name.ts"));
  });
});

describe("the limits of a change", () => {
  const raised = environmentWith("limits: { customers: 1000, percent: 100 }");
  const few = () => customersWith("acme");

  test("are the defaults if the current code cannot read the base's, and the report names that", async () => {
    project.edit("configuration/environment.ts", (text) =>
      text.replace(
        "  state: stateBackendSchema,",
        "  state: stateBackendSchema,\n  team: z.string(),",
      ),
    );
    project.commit("raise", {
      "environments/production.yaml": `${raised}\nteam: orders\n`,
      "customers.yaml": few(),
    });
    const { stdout, exitCode } = await project.reviewSince(project.base);
    expect(stdout).toContain(
      `The limits of \`${project.base}\` (${project.base.slice(0, 7)}) cannot be read, so the default limits apply: 5 customers and 30%.`,
    );
    expect(stdout).toContain("more than 30%");
    expect(stdout).toMatch(/`limits\.customers` \| `5` \| `1000`/);
    expect(exitCode).toBe(1);
  });

  test("are the base's if the same change raises them", async () => {
    const strict = environmentWith("limits: { percent: 20 }");
    const base = project.commit("strict", { "environments/production.yaml": strict });
    project.commit("raise", {
      "environments/production.yaml": raised,
      "customers.yaml": few(),
    });
    const { stdout, exitCode } = await project.reviewSince(base);
    expect(stdout).toContain("more than 20%");
    expect(stdout).toMatch(/`limits\.percent` \| `20` \| `100`/);
    expect(exitCode).toBe(1);
  });

  test("are at most the defaults for a new environment, and the report names that", async () => {
    project.write({ "environments/new.yaml": raised });
    project.git("add", ".");
    const env = { REALM_ENV: "new" };
    expect((await project.reviewSince(project.base, env)).stdout).toContain(
      "There are no earlier limits to compare with, so the default limits apply: 5 customers and 30%.",
    );
  });
});

describe("a change to what reviews it", () => {
  test("is in the first line, with up to 10 names and the count", async () => {
    const workflows = Array.from({ length: 12 }, (_, index) => `.github/workflows/w${index}.yml`);
    project.commit("own rules", Object.fromEntries(workflows.map((file) => [file, ""])));
    const { stdout } = await project.reviewSince(project.base);
    expect(stdout).toMatch(
      /^\*\*This change edits what reviews it\*\*, in 12 files: `\.github\/workflows\/w0\.yml`, (`\S+`, ){8}`\S+` and 2 others\.\n/,
    );
    expect(stdout).toContain("Nothing changes in the declaration.");
  });

  test("is everything but the team's own files, documents and examples", async () => {
    project.edit("operations/review/guard/guard.ts", (text) => `${text}\n`);
    project.edit("package.json", (text) => `${text}\n`);
    project.write({
      "main.ts": `${mainWith()}// edited\n`,
      "customers.yaml": customersWith(...three, "hooli"),
      "customers.schema.json": "{}",
      "environments/staging.yaml": environmentWith(),
      "environments/pipeline": "staging\n",
      ".github/CODEOWNERS": "* @team\n",
      "docs/notes.txt": "",
      "constructs/README.md": "",
      LICENSE: "",
      "examples/own.ts": "",
    });
    const { editsReview } = await project.jsonSince(project.base);
    expect(editsReview).toEqual([
      "environments/pipeline",
      "operations/review/guard/guard.ts",
      "package.json",
    ]);
  });
});
